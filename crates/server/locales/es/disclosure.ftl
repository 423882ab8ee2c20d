# Todo lo que se sabe de una persona, para esa persona, y el borrado.

disclosure-link = Todo lo que se sabe
disclosure-title = Todo lo que se sabe de esta persona
disclosure-line = Para quien pregunta qué se guarda sobre sí o quiere llevárselo (RGPD, artículos 15 y 20).
disclosure-what = Qué contiene el archivo
disclosure-others = Las direcciones y los números de otras personas están ocultos, y también lo que decidieron los actos de otros.
disclosure-html = Página para la persona
disclosure-json = JSON para programas
disclosure-of = Lo que { $shop } sabe de usted
disclosure-person = Identificadores y rasgos
disclosure-why = Por qué son una sola persona
disclosure-computed = Rasgos calculados
disclosure-scores = Puntuaciones
disclosure-segments = Segmentos
disclosure-consents = Historial de consentimiento
disclosure-messages = Mensajes
disclosure-decisions = Decisiones
disclosure-events = Eventos
disclosure-set-aside = Recibido y no entendido
disclosure-left-out = Hay más de lo que cabe en un archivo

erase-title = Borrar a esta persona
erase-line = Todo lo anterior desaparece para siempre: eventos, mensajes, decisiones y lo que espera en cuarentena. Una importación posterior no lo trae de vuelta. Si la persona pidió el archivo, déselo antes.
erase-sure = Sé que esto no se puede deshacer
erase-do = Borrar para siempre
erase-unsure = No se borró nada. Diga antes que sabe que no se puede deshacer.
notice-person-erased = La persona fue borrada
