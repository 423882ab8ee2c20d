# Lo que se responde a ALTO, ALTA y AYUDA. Corto: un SMS tiene 160 signos.

sms-stopped = { $shop }: no recibirá más mensajes. Para recibirlos de nuevo, responda ALTA.
sms-started = { $shop }: recibirá nuestros mensajes. Responda BAJA para no recibirlos.
sms-help = { $shop }: mensajes sobre sus pedidos, y ofertas si las pidió. Responda BAJA para no recibirlos.
sms-stop-line = Responda BAJA para dejar de recibirlos.

# SMS en las páginas.

channels-sms-line = Los SMS de atención y promoción salen entre las 8:00 y las 21:00 en la zona de cada persona, salvo que la tienda fije sus propias horas de silencio. BAJA, STOP y СТОП los detienen al momento.
channels-sms-everywhere = Los SMS van a números de todos los países. Para limitarse a algunos, escriba sus prefijos en la tienda: sms to: [34, 351]
channels-sms-to = Los SMS van a números que empiezan por { $codes }; los demás no reciben ninguno, y sus mensajes buscan otro canal.
channels-sms-stays = No hay proveedor, así que ningún SMS sale de esta máquina. Inicie el servidor con --sms para enviarlos.
sms-counted = { $parts ->
    [one] { $parts } parte
   *[other] { $parts } partes
  } · { $encoding } · { $units ->
    [one] { $units } unidad
   *[other] { $units } unidades
  }
sms-costly = Estos signos lo alargan más de lo necesario, porque no están en el alfabeto corto de los teléfonos: { $signs }
sms-as-phone = En un teléfono
sms-parts = Longitud
message-text = Texto
