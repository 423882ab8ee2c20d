# A quién pueden avisar los recorridos, y qué fue de ello.

webhooks = Webhooks
webhooks-line = A quién pueden avisar los recorridos, y qué fue de lo que avisaron.
webhooks-destinations = Destinos
webhooks-calls = Llamadas
webhooks-none = Ningún recorrido puede avisar aún a otro programa. Indique dónde escucha y escriba su nombre en un paso «webhook».
webhooks-no-calls = Aquí aún no se ha avisado de nada. Un paso «webhook» de un recorrido hace la primera llamada.
webhooks-told = se le avisa
webhooks-paused = en pausa
webhooks-gone = no quiere más llamadas
webhooks-gone-since = «{ $name }» no quiere más llamadas desde
webhooks-set-by = puesto por { $name },
webhooks-both-until = dos secretos firman hasta
webhooks-paused-since = no se avisa de nada desde
webhooks-waiting = En espera
webhooks-delivered = Entregadas
webhooks-gave-up = Abandonadas
webhooks-withdrawn = Retiradas
webhooks-test = Enviar una prueba
webhooks-test-taken = La prueba fue aceptada
webhooks-test-not-taken = La prueba no fue aceptada
webhooks-answer = { $answer } ({ $ms } ms)
webhooks-pause = Pausar
webhooks-resume = Reanudar
webhooks-rotate = Nuevo secreto
webhooks-remove = Quitar
webhooks-again = Entregar de nuevo
webhooks-again-all = Entregar de nuevo lo abandonado
webhooks-name = Nombre
webhooks-url = URL que recibe las llamadas
webhooks-form-line = Un nombre nuevo recibe un secreto, que se muestra una sola vez. Un nombre que ya está aquí pasa a la nueva URL y conserva su secreto.
webhooks-set = Poner
webhooks-secret = El secreto de «{ $name }» se muestra solo esta vez. Póngalo en el programa que recibe las llamadas:
webhooks-unknown = El paso «{ $step }» del recorrido «{ $journey }» avisa a «{ $name }», que aún no es un destino.
webhooks-next = próximo intento
webhooks-of-all = Todos los destinos y pasos
webhooks-of-step = Qué fue de estas llamadas
webhooks-wrong-name = Un nombre tiene de 1 a 64 letras, cifras, espacios, -, _ y ., y no empieza por un punto.
webhooks-wrong-url = No se puede llamar a esa URL: { $about }.
webhooks-taken = Ya hay un destino «{ $about }».
webhooks-not-there = Ya no hay ningún destino «{ $about }».
webhooks-used = El recorrido «{ $about }» le avisa. Quite primero ese paso.
webhooks-too-many = Hay tantos destinos como puede haber. Quite los que nadie use.
disclosure-told-to-others = Lo que se comunicó a otros programas
edit-webhook = A quién avisa (un destino)
edit-webhook-with = Rasgos e identificadores que se comunican (uno por línea)
decision-webhook = Avisa a otro programa
reason-webhook_asked = El recorrido avisa a otro programa
fact-webhook = Avisado a
told-told_to = se avisa a { $destination }
webhooks-wait-for-it = { $count ->
    [0] Lo que avise esperará a que lo haya.
    [one] { $count } llamada lo espera.
   *[other] { $count } llamadas lo esperan.
}
webhooks-being-made = { $count ->
    [0] No hay nada que repetir.
    [one] { $count } llamada se hace de nuevo, con el mismo id.
   *[other] { $count } llamadas se hacen de nuevo, con los mismos ids.
}
webhooks-attempts = { $count ->
    [one] { $count } intento
   *[other] { $count } intentos
}
