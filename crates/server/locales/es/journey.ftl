# Un recorrido.

step-go-to = Seguir en
step-exit = Salir
journey-report = Lo que ha causado
journey-rules = Quién está dentro y hasta cuándo
journey-tree = Pasos
journey-end = Fin
journey-left-because = Por qué ha salido la gente en los últimos 30 días
journey-all-versions = Los mensajes enviados y omitidos se cuentan en todas las versiones.
journey-older = Esta es una versión anterior. Ya no entra nadie; quien está dentro sigue hasta el final.
journey-to-force = A la versión vigente
journey-versions = Versiones
journey-versions-line = Quien está dentro conserva la versión que estaba vigente cuando entró.
journey-in-force = vigente
journey-inside = { $count ->
    [one] { $count } persona dentro
   *[other] { $count } personas dentro
}
journey-shown = se muestra aquí
journey-changes = Qué cambia en la versión vigente
line-new = Nuevo:
line-gone = Quitado:
way-then = Sí
way-else = No
way-time-is-up = Se acabó el tiempo
way-goes-on = Sigue abajo
tree-held-because = Por qué espera: { $step }
tree-skipped-because = Por qué se omitió: { $step }
dry-run = Ensayo
dry-run-line = { $days ->
    [one] Vuelve a recibir los eventos guardados del último día ({ $days }), por los mismos pasos que en vivo. Lo anterior se conoce y no inicia nada. No se envía ni se guarda nada.
   *[other] Vuelve a recibir los eventos guardados de los últimos { $days } días, por los mismos pasos que en vivo. Lo anterior se conoce y no inicia nada. No se envía ni se guarda nada.
}
dry-run-begin = Empezar el ensayo
dry-run-again = Repetir
dry-run-stop = Parar
dry-run-stopped = Se ha parado.
dry-run-busy = Se está ensayando el recorrido { $journey }. Este podrá empezar cuando termine.
dry-run-failed = El ensayo ha fallado. El registro del programa dice por qué.
dry-run-too-long = { $count ->
    [one] Hay { $count } evento guardado y aquí se ensayan { $most } como mucho, porque el servidor tiene otras tareas. Hazlo por la línea de órdenes, en una copia si quieres:
   *[other] Hay { $count } eventos guardados y aquí se ensayan { $most } como mucho, porque el servidor tiene otras tareas. Hazlo por la línea de órdenes, en una copia si quieres:
}
dry-run-running = { $done } de { $whole } eventos
dry-run-persons = { $count ->
    [one] se decidió algo sobre { $count } persona
   *[other] se decidió algo sobre { $count } personas
}
dry-run-events = { $count ->
    [one] llegó { $count } evento
   *[other] llegaron { $count } eventos
}
dry-run-former = Era otra versión que la vigente.
dry-run-whole = A qué llegó el ensayo, junto a lo que pasó
dry-run-would = Ensayo
dry-run-was = Lo que pasó
dry-run-held = Esperaron en { $step }: { $count }
dry-run-skipped = Omitidos en { $step }: { $count }
dry-run-told = { $count ->
    [one] El último mensaje
   *[other] Las últimas { $count } decisiones sobre mensajes
}
