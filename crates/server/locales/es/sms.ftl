# Lo que se responde a ALTO, ALTA y AYUDA. Corto: un SMS tiene 160 signos.

sms-stopped = { $shop }: no recibirá más mensajes. Para recibirlos de nuevo, responda ALTA.
sms-started = { $shop }: recibirá nuestros mensajes. Responda BAJA para no recibirlos.
sms-help = { $shop }: mensajes sobre sus pedidos, y ofertas si las pidió. Responda BAJA para no recibirlos.
