# Una oferta para una persona, dada por quien habla con ella.

gift-title = Dar una oferta
gift-line = Un código para esta persona, con las mismas reglas que los mensajes: nadie lo recibe por lo que ya compró, y uno por persona y período.
gift-who = Para quién
gift-may = Qué se puede dar ahora
gift-look = Mirar
gift-product = Para qué es
gift-product-line = Un producto de la tienda, por su id o código. Si queda vacío, es para lo que está abierto en el carrito.
gift-cart = Abierto en el carrito:
gift-cart-empty = No hay nada abierto en el carrito.
gift-none = Aún no hay ninguna oferta definida.
gift-yes = se puede dar
gift-no = no se puede dar
gift-unknown = no se sabe con certeza
gift-do = Dar un código
gift-once = Anótalo o dilo: no se vuelve a mostrar.
gift-until = Se puede usar hasta
gift-before = Ya se dio, y el código no se vuelve a mostrar.
gift-not = No se dio nada de { $offer }.
gift-given = Lo que se dio
gift-given-none = Aún no se dio ningún código.
gift-when = Entregado
gift-last-day = Se puede usar hasta
disclosure-offers = Códigos entregados
