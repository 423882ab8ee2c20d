# Cómo salen los mensajes y qué responde por ellos.

nav-channels = Canales
channels-line = Cómo salen los mensajes, qué responde por ellos y qué vuelve.
channels-leaves = va al servidor de correo
channels-provider = sale por { $name }
channels-trouble = no se acepta
channels-trouble-since = No se ha aceptado nada desde
channels-trouble-said = La última respuesta: { $words }
channels-trouble-next = Cada mensaje se vuelve a intentar durante dos horas y media. Revise la dirección y la clave de la configuración, y lo que el servidor o el proveedor dice de sí mismo.
channels-stays = se queda en la bandeja de salida
channels-stays-line = No hay servidor de correo ni proveedor, así que nada sale de esta máquina. Arranque el servidor con --smtp o --mail-provider para enviar.
channels-sender = De { $name } <{ $address }>.
channels-no-sender = La tienda aún no tiene dirección de remitente: indique "from" en su definición.

dkim-title = Firma (DKIM)
dkim-line = Un mensaje firmado demuestra a quien lo recibe que es de la tienda. El correo sin firma acaba más a menudo en spam, y los grandes proveedores lo rechazan a quien envía mucho.
dkim-signed = firmado
dkim-unsigned = sin firma
dkim-empty = Aún no hay ninguna clave. Crea una: la página muestra lo que necesita el DNS.
dkim-waiting = espera al DNS
dkim-signing = firma
dkim-retired = reemplazada
dkim-record-name = Registro TXT
dkim-record-value = Valor
dkim-waiting-next = Pon el registro en el DNS del dominio. Cuando esté, deja que la clave firme.

hooks-title = Lo que cuentan los proveedores
hooks-line = Un proveedor de correo llama aquí a una dirección propia cada vez que un mensaje llega, vuelve, se abre o recibe una queja. Las aperturas de máquinas se distinguen.
hooks-empty = Ningún proveedor cuenta nada todavía. Crea una dirección para el tuyo y ponla en sus ajustes.
hooks-confirm = Amazon SNS pregunta si quiere sus mensajes. Confírmelo una vez; esta línea desaparece con el primer evento.
hooks-confirm-button = Confirmar en Amazon
dkim-provider-signs = firma el proveedor
dkim-provider = { $name } compone cada mensaje y lo firma con sus propias claves: configúrelas allí, para el dominio del remitente. Las claves guardadas aquí no firman nada.
