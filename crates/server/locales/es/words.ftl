# Las palabras del dominio: una familia por clase de cosa.

channel-web = Web
channel-app = App
channel-store = Tienda
channel-email = Correo
channel-sms = SMS
channel-push = Push
channel-ads = Anuncios
channel-social = Redes
channel-search = Buscador
channel-service = Atención
channel-reviews = Reseñas
channel-loyalty = Fidelidad
channel-webhook = Webhook
channel-other = Otro

purpose-transactional = Transaccional
purpose-care = Cuidado
purpose-promotion = Promoción

notice-segment-saved = Guardado; se está calculando para todos.
notice-segment-removed = El segmento se quitó.
notice-replayed = La fila se ha aceptado.
notice-replayed-many = Las filas se han vuelto a ofrecer. Las que siguen rechazadas quedan aquí con su motivo.
notice-still-refused = La fila se ha rechazado otra vez. El motivo está abajo.
notice-sending-paused = El envío está en pausa. No sale nada hasta que alguien lo reanude.
notice-sending-resumed = El envío continúa.
notice-form-expired = El formulario era demasiado viejo y no se hizo nada. Inténtalo otra vez.

decision-enter = Entrada
decision-decline = No entró
decision-send = Reservado
decision-sent = Enviado
decision-sent-not-knowing = Enviado sin saber
decision-hold = En espera
decision-skip = Omitido
decision-suppressed = Suprimido
decision-exit = Salida
decision-done = Completado
decision-failed = Fallido
decision-uncertain = Incierto
decision-taken-back = Retirado
decision-assign = Sorteado
decision-goal = Objetivo alcanzado
decision-set = Fijado
decision-notify = Pide al personal
decision-move = Pasado

identifier-login = Cuenta
identifier-customer = Id de cliente
identifier-loyalty-card = Tarjeta de fidelidad
identifier-email = Correo
identifier-phone = Teléfono
identifier-browser = Navegador
identifier-app-install = Instalación de la app
identifier-payment-card = Tarjeta de pago
identifier-name-and-address = Nombre y dirección
identifier-social = Cuenta social
identifier-name = Nombre
identifier-order = Número de pedido
identifier-cart-token = Cesta
identifier-other = Otro

class-unique = de una sola persona
class-contact = contacto, puede compartirse
class-device = dispositivo
class-hint = indicio

identifier-use-joins = Une
identifier-use-shared = Compartido, no une a nadie
identifier-use-blocked = No dice nada

journey-state-live = En marcha
journey-state-paused = En pausa
journey-state-closing = Cerrando

step-wait = Esperar
step-wait-until = Esperar hasta
step-wait-for = Esperar a
step-branch = Si
step-split = Repartir
step-test = Prueba
step-holdout = Apartar
step-send = Enviar
step-offer = Ofrecer
step-set = Anotar
step-webhook = Llamar
step-notify = Avisar

message-sending = Enviándose
message-outbox = En la salida
message-sent = Enviado
message-delivered = Entregado
message-opened = Abierto
message-clicked = Con clic
message-bounced = Devuelto
message-complained = Denunciado
message-failed = Fallido
message-taken-back = Retirado
message-uncertain = Incierto

consent-granted = Dijo que sí
consent-soft-opt-in = Cliente reciente, se le puede escribir
consent-never-asked = Nunca se le preguntó
consent-withdrawn = Dijo que no
consent-not-needed = No hace falta consentimiento

closed-bought = Comprado
closed-removed = Retirado
closed-cleared = Cesta vaciada

enrollment-waiting = Esperando
enrollment-held = En espera
enrollment-exited = Salió
enrollment-completed = Completado
enrollment-not-entered = No entró

order-state-kept = Conservado
order-state-partly-returned = Devuelto en parte
order-state-returned = Devuelto
order-state-cancelled = Cancelado

quarantine-state-waiting = Pendiente
quarantine-state-replayed = Aceptada
quarantine-state-dismissed = Descartada

source-kind-web = Tienda web
source-kind-app = App
source-kind-till = Cajas
source-kind-service = Atención al cliente
source-kind-provider = Proveedor de mensajes
source-kind-ads = Anuncios y redes
source-kind-loyalty = Reseñas y fidelidad
source-kind-file = Ficheros
source-kind-other = Otra

feed-speaks-live = Evento a evento
feed-speaks-batch = Fichero a fichero

watermark-known = Completa
watermark-presumed = Se supone completa
watermark-behind = Con retraso
watermark-never = Nunca oída

notice-brought-back = La fila ha vuelto.
notice-too-late = Ya es tarde para recuperar esa fila. Envíala otra vez desde su fuente.
notice-joined = Ya son una persona. Se retira en «Por qué estos registros son una persona».
notice-kept-apart = Se mantienen separadas. Se retira en «Por qué estos registros son una persona».
notice-taken-back = Lo dicho queda retirado.
edge-seen = vistos juntos
edge-said-same = El personal dice: la misma persona
edge-said-apart = El personal dice: no es la misma persona
watermark-imported = Importada
