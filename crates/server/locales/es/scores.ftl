# Scores: what is learned from people, and said of one.

nav-scores = Puntuaciones
nav-offers = Ofertas
scores-line = Qué es probable que haga la gente, aprendido de sus propios clientes, y hasta dónde fiarse.
person-scores = Puntuaciones
scores-empty = Aún no se ha aprendido nada. Cuando haya pedidos, ajuste un modelo: tarda segundos.
computed-from = Se calcula así: { $figure }
computed-nothing = Todavía no hay de qué calcularlo: { $figure }
scores-fit = Aprender de nuevo
scores-fit-first = Aprender ahora
scores-fitting = Aprendiendo: { $done } de { $whole }
score-not-yet = Aún no se sabe: no se ha aprendido nada.

score-stage = Etapa
stage-why-nothing = Ha mirado y aún no ha comprado nada.
stage-why-first-purchase = Compró por primera vez { $silent ->
    [0] hoy
    [one] ayer
   *[other] hace { $silent } días
}; la siguiente compra suele llegar en { $rhythm } días.
stage-why-active = Suele comprar cada { $rhythm } días, y la última vez fue { $silent ->
    [0] hoy
    [one] ayer
   *[other] hace { $silent } días
}.
stage-why-loyal = Ha mantenido un ritmo de unos { $rhythm } días al menos cinco veces seguidas; la última compra fue { $silent ->
    [0] hoy
    [one] ayer
   *[other] hace { $silent } días
}.
stage-why-lapsing = { $purchases ->
    [1] Lo habitual es una segunda compra en { $rhythm } días, y la primera fue hace { $silent }: más del doble.
   *[other] Suele comprar cada { $rhythm } días y lleva { $silent } sin hacerlo: más del doble.
}
stage-why-lost = { $purchases ->
    [1] Lo habitual es una segunda compra en { $rhythm } días, y la primera fue hace { $silent }: más del cuádruple.
   *[other] Suele comprar cada { $rhythm } días y lleva { $silent } sin hacerlo: más del cuádruple.
}
stage-why-won-back = Estuvo fuera más del doble de sus { $rhythm } días habituales y volvió a comprar { $silent ->
    [0] hoy
    [one] ayer
   *[other] hace { $silent } días
}.
stage-why-advocacy = Ha hablado de la tienda a otros en el último año.

score-engagement = Implicación
score-engagement-why = Más implicación que el { $percent } % de la gente. Lo que más cuenta: { $acts }.
score-engagement-none = No ha hecho nada últimamente.
act-visit = visitas
act-look = mirar productos
act-want = poner cosas en el carrito
act-buy = compras
act-click = seguir mensajes y anuncios
act-voice = reseñas, publicaciones y preguntas
score-alive = Sigue siendo cliente
score-alive-why = Lo probable que es que llegue otra compra algún día, tras { $purchases ->
    [one] { $purchases } compra
   *[other] { $purchases } compras
} y { $silent ->
    [one] { $silent } día
   *[other] { $silent } días
} de silencio.
score-alive-assumed = No se puede decir: lo aprendido de tu clientela da por cliente a cualquiera que haya comprado tantas veces. La etapa y el riesgo de abandono dicen más.
score-expected = Esperado en { $days } días
score-expected-why = Unos { $orders } pedidos de { $each } cada uno, si todo sigue como con gente parecida.
score-churn = Riesgo de abandono
score-churn-why = Cerca del { $percent } de la gente así no compró nada en { $days } días.
score-rfm = RFM
score-rfm-why = Recencia { $recency } de 5 (hace { $silent ->
    [one] { $silent } día
   *[other] { $silent } días
}), frecuencia { $frequency } de 5 ({ $purchases ->
    [one] { $purchases } compra
   *[other] { $purchases } compras
}), dinero { $money } de 5 ({ $spent }).
rfm-champions = Campeones
rfm-loyal = Fieles
rfm-potential-loyal = Pueden ser fieles
rfm-new = Nuevos
rfm-need-attention = Piden atención
rfm-about-to-sleep = A punto de dormirse
rfm-at-risk = En riesgo
rfm-cannot-lose = No perder
rfm-hibernating = Dormidos
score-likes = Lo que más le gusta
score-likes-why = { $what }: el { $share } de lo que compra y mira; { $bought ->
    [0] lo ha mirado y aún no lo ha comprado
    [one] comprado en { $bought } pedido que se quedó
   *[other] comprado en { $bought } pedidos que se quedó
}.
score-outlier = No es un cliente como los demás
score-outlier-why = Personal, revendedor o más de { $days } días con compra: queda fuera de lo que se aprende.

scores-model = El modelo
scores-fitted = Aprendido { $when } de { $buyers ->
    [one] { $buyers } comprador
   *[other] { $buyers } compradores
}
scores-outliers = { $count ->
    [one] { $count } persona quedó fuera por no ser un cliente como los demás
   *[other] { $count } personas quedaron fuera por no ser clientes como los demás
}
scores-parameters = Parámetros
scores-parameter-line = Cada uno con su error estándar
scores-likelihood = Log-verosimilitud
scores-used = se usa
scores-not-used = no se usa
scores-comparison = Comparado con lo que llegó
scores-comparison-line = A cada modelo se le ocultó la última parte de la historia, la predijo y se comparó. Los que no mejoran un ritmo constante no se usan; los demás se usan juntos.
scores-comparison-none = La historia es demasiado corta para ocultar una parte: lo esperado aún no se ha comprobado.
scores-hidden = Oculto: de { $from } a { $to }
scores-column-model = Modelo
scores-column-came = Llegaron
scores-column-expected = Esperados
scores-column-off = Error por persona
scores-column-total = En total
scores-plain-rate = ritmo constante
scores-churn = Riesgo de abandono, dicho y ocurrido
scores-churn-line = Compradores por el riesgo dicho, en décimos: de cada décimo, cuántos no compraron nada en { $days } días. Sobre la línea, los riesgos son los que ocurren.
scores-churn-none = Muy pocos compradores, o historia demasiado corta, para comprobar riesgos.
scores-brier = Error cuadrático medio { $brier }; diciendo a todos la media, { $mean }.
scores-column-told = Dicho
scores-column-buyers = Compradores
scores-rfm = Recencia, frecuencia, dinero
scores-rfm-line = Compradores según cuán reciente es su compra (desde arriba) y con qué frecuencia y cuánto (hacia la derecha).
scores-cell = Recencia { $recency }, frecuencia y dinero { $value }: { $people }
scores-groups = Grupos
scores-migration = De dónde vienen
scores-migration-line = Grupos hace 90 días y ahora.
scores-column-from = Antes
scores-column-to = Ahora
scores-column-people = Personas
scores-had-not-bought = no habían comprado
scores-stages = Etapas
scores-flow = Caminos entre etapas
scores-flow-line = Etapas hace 90 días y ahora.
scores-forecast = Qué esperar
scores-forecast-row = En { $days } días
scores-column-orders = Pedidos
scores-column-value = Valor
scores-segments = Segmentos listos
scores-segments-line = Condiciones para copiar en un segmento.
scores-segment-big = Grandes compradores
scores-segment-loyal = Clientes fieles
scores-segment-future = Futuros grandes compradores
scores-segment-lapsing = Clientes que se alejan y vale la pena recuperar
scores-value = Valor de un pedido
scores-weights = Qué cuenta en la implicación
scores-weights-learned = Aprendido de { $count ->
    [one] { $count } compra
   *[other] { $count } compras
}.
scores-weights-usual = Los pesos habituales: hubo muy pocas compras para aprender otros.
scores-cell-title = Recencia { $recency }, frecuencia y dinero { $value }
scores-cell-line = { $people ->
    [one] { $people } comprador
   *[other] { $people } compradores
}. Como segmento se actualizan solos: quien llega a la casilla está en él desde entonces.
scores-segment-make = Crear un segmento
