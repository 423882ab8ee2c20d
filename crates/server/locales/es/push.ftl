# Notificaciones push del navegador.

push-leaves = va a los servicios push de los navegadores
push-line = Mensajes que el navegador muestra aunque la web no esté abierta. Es el propio navegador quien pregunta al visitante, y solo tras un clic suyo en su web. Los de atención y promoción salen entre las 8:00 y las 21:00 en la zona de la persona, salvo que la tienda indique sus propias horas de silencio.
push-subscribed = { $people ->
    [one] { $people } persona tiene un navegador que los recibe.
   *[other] { $people } personas tienen un navegador que los recibe.
  }
push-no-key = Todavía no hay clave, así que las notificaciones push se quedan en la bandeja de salida. Los servicios push reconocen su tienda por ella: los navegadores se suscriben a su mitad pública.
push-make = Crear la clave
push-key-made = La clave está creada y en vigor. Indíquela junto al script de sus páginas y los navegadores podrán suscribirse.
push-key-taken = Ya hay una clave, y hay navegadores suscritos a ella. Más abajo se crea otra.
push-replace = Crear otra clave en su lugar
push-replace-ends = { $people ->
    [0] Nadie se ha suscrito con esta clave.
    [one] Termina la suscripción de { $people } persona con esta clave.
   *[other] Terminan las suscripciones de { $people } personas con esta clave.
  }
push-replace-ends-uncounted = Terminan todas las suscripciones con esta clave.
push-replace-line = Los servicios push no aceptan mensajes de otra clave que aquella con la que se suscribió el navegador. Los mensajes buscan otro canal, y se vuelve a llegar a un navegador cuando su lector se suscribe de nuevo en una página que indique la clave nueva. Esto no se puede deshacer.
push-replace-sure = Lo sé: todos deberán suscribirse de nuevo
push-replace-do = Crear otra clave
push-key = Clave pública
push-worker = Service worker
push-worker-line = Ponga este archivo en la raíz de su propia web: los navegadores no lo aceptan de otro sitio.
push-script = Indique la clave junto al script de sus páginas:
push-call = Pregunte con un botón, y diga a qué se accede:
push-as-shown = Como notificación
push-leads = Lleva a
push-title = Título
push-text = Texto
push-icon = Imagen pequeña
push-image = Imagen grande
push-link = Adónde lleva
push-addresses-line = Una dirección completa o una ruta de su web. Puede quedar vacío.
preferences-by-push = Como notificaciones en su navegador
ledger-ended = La suscripción terminó
event-push-subscribed = Suscripción push
event-push-ended = Fin de la suscripción push
event-push-dismissed = Notificación cerrada
