# Las páginas de quienes reciben mensajes y el historial de consentimiento.

preferences-title = Lo que quiere recibir
preferences-line = Mensajes de { $shop } para { $address }. Lo que elija vale al momento.
preferences-by-email = Por correo electrónico
preferences-by-sms = Por mensaje de texto
preferences-on-site = En nuestra web
preferences-promotion = Ofertas, novedades y recordatorios
preferences-care = Consejos y ayuda con lo que compró
preferences-always = Los mensajes sobre un pedido suyo, como el recibo, llegan siempre.
preferences-save = Guardar
preferences-pause = { $days ->
    [one] Nada durante { $days } día
   *[other] Nada durante { $days } días
}
preferences-resume = Terminar la pausa ahora
preferences-nothing = Dejar de recibir todos estos mensajes
preferences-paused = Pidió una pausa: no llega nada hasta { $until }.
preferences-address-stopped = Los mensajes a esta dirección volvieron o se denunciaron, así que no llega nada elija lo que elija. Escríbanos para cambiarlo.
preferences-done-saved = Guardado. Vale a partir del próximo mensaje.
preferences-done-stopped = Hecho. Ya no recibirá estos mensajes.
preferences-done-paused = Hecho. Durante un tiempo no llega nada.
preferences-done-resumed = Hecho. Vuelve a llegar lo que eligió.
preferences-ask = ¿Dejar de recibir mensajes de { $shop }?
preferences-ask-line = Ya no recibirá ofertas, recordatorios ni consejos por esta vía. Los mensajes sobre un pedido suyo siguen llegando.
preferences-said-stop = Darme de baja
preferences-stopped = Hecho
preferences-stopped-line = Ya no recibirá estos mensajes.
preferences-choose = Elegir mejor qué quiere recibir
preferences-unknown = Este enlace no lleva a ninguna parte
preferences-unknown-line = No es nuestro, o el mensaje en el que estaba ya no existe. Use el enlace de un mensaje más reciente.

ledger-title = Historial de consentimiento
ledger-line = Todo lo que se dijo alguna vez sobre si se puede escribir a esta persona, tal como está en el registro: quién nos lo contó y las palabras que había. Nada de ello se puede cambiar.
ledger-empty = Aún no se ha dicho nada.
ledger-when = Cuándo
ledger-said = Qué se dijo
ledger-about = Sobre
ledger-wording = Palabras
ledger-message = mensaje
ledger-yes = sí
ledger-no = no
ledger-pause = una pausa hasta { $until }
ledger-bounced = volvió para siempre
ledger-complained = se quejó
ledger-all = atención y promoción
