# Enlace por parecido: los modelos, y qué cambiaría otro.

identity-tab-linking = Enlace
kept-model-in-force = El modelo vigente
kept-model-learned = El modelo aprendido
kept-model-former = El modelo anterior
kept-model-built-in = El modelo incorporado
kept-model-nobody = El parecido no une a nadie
linking-models = Modelos
linking-in-force = Vigente
linking-learned = Aprendido, a la espera
linking-former = Anterior
linking-nobody-in-force = El parecido no une a nadie: solo cuenta lo que se vio. Pruebe un modelo y aplíquelo después.
linking-nobody = El parecido no une a nadie.
linking-built-in = Incorporado y prudente.
linking-records = { $count ->
    [one] Aprendido de { $count } registro.
   *[other] Aprendido de { $count } registros.
}
linking-lines = Seguro desde { $sure }, posible desde { $possible }.
linking-undo = Volver a este
linking-learn-line = Aprender lee los registros de todas las personas y no cambia nada. Lo aprendido espera aquí hasta que lo aplique.
linking-learn = Aprender de nuestros registros
linking-told = El resultado
linking-learning = Aprendiendo
linking-trying = Se reconstruye desde el registro
linking-stop = Parar
linking-stopped = Parado. No se cambió nada.
linking-failed = Ha fallado. El registro del programa dice por qué; no se cambió nada.
linking-was-learned = { $count ->
    [one] Se aprendió un modelo de { $count } registro. Pruébelo y aplíquelo después.
   *[other] Se aprendió un modelo de { $count } registros. Pruébelo y aplíquelo después.
}
linking-too-few = { $count ->
    [one] Hay muy pocos registros con nombre: hace falta { $count }.
   *[other] Hay muy pocos registros con nombre: hacen falta { $count }. Importe clientes primero.
}
linking-too-long = El registro tiene { $count } eventos, y junto al servidor se reconstruyen como mucho { $most }. La línea de órdenes lo hace en una copia:
linking-rounds = Rondas de aprendizaje
linking-round = Ronda
linking-settled = estable
linking-matches = Pares de una persona
linking-moved = Movimiento
linking-wrong-busy = Se está aprendiendo o probando un modelo. Espere a que acabe o párelo.
linking-wrong-no-share = Escriba porcentajes entre 0 y 100, como 95.
linking-wrong-crossed = Lo seguro no sería posible: «posible» debe ser como mucho «seguro».
linking-wrong-no-lines = Donde el parecido no une a nadie no hay límites: déjelos vacíos.
linking-wrong-other-model = Los modelos ya son otros. Pruébelo de nuevo antes de aplicarlo.
what-if = Qué pasaría
what-if-line = Todo se reconstruye aparte y se compara. No se cambia nada ni se escribe a nadie.
what-if-model = Modelo
what-if-sure = Seguro desde (%)
what-if-possible = Posible desde (%)
what-if-own = según el modelo
what-if-try = Probar
what-if-persons = { $before } personas hoy, { $after } entonces.
what-if-merges = { $count ->
    [0] Nadie se formaría de varias personas de hoy.
    [one] { $count } persona se formaría de varias de hoy.
   *[other] { $count } personas se formarían de varias de hoy.
}
what-if-splits = { $count ->
    [0] Ninguna persona de hoy se separaría.
    [one] { $count } persona de hoy se separaría.
   *[other] { $count } personas de hoy se separarían.
}
what-if-messages = { $count ->
    [0] Ningún mensaje de los últimos 30 días les llegó.
    [one] { $count } mensaje de los últimos 30 días les llegó; { $repeated } repetían lo mismo a una persona.
   *[other] { $count } mensajes de los últimos 30 días les llegaron; { $repeated } repetían lo mismo a una persona.
}
what-if-merging = Serían una persona
what-if-splitting = Se separarían
what-if-other-rules = Se probaron otras definiciones: publíquelas para aplicarlas.
what-if-apply = Aplicar
what-if-apply-line = Se vuelve a mirar a todas las personas en segundo plano, y los mensajes esperan hasta que acabe. Puede volver atrás cuando quiera.
