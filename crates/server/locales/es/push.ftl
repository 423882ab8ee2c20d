# Notificaciones push del navegador.

push-leaves = va a los servicios push de los navegadores
push-line = Mensajes que el navegador muestra aunque la web no esté abierta. Es el propio navegador quien pregunta al visitante, y solo tras un clic suyo en su web. Los de atención y promoción salen entre las 8:00 y las 21:00 en la zona de la persona, salvo que la tienda indique sus propias horas de silencio.
push-subscribed = { $people ->
    [one] { $people } persona tiene un navegador que los recibe.
   *[other] { $people } personas tienen un navegador que los recibe.
  }
push-no-key = Aún no hay clave, así que ninguna notificación sale de esta máquina. Pare el servidor, cree una con esta orden y arránquelo de nuevo:
push-restart = La clave se creó después de arrancar el servidor. Arránquelo de nuevo para enviar.
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
