# Страницы тех, кто получает сообщения, и история согласий.

preferences-title = Что вы хотите получать
preferences-line = Сообщения магазина { $shop } на адрес { $address }. Выбор действует сразу.
preferences-by-email = По электронной почте
preferences-by-sms = В СМС
preferences-on-site = На нашем сайте
preferences-promotion = Предложения, новости и напоминания
preferences-care = Советы и помощь с тем, что вы купили
preferences-always = Сообщения о вашем заказе, например чек, приходят всегда.
preferences-save = Сохранить
preferences-pause = { $days ->
    [one] Ничего { $days } день
    [few] Ничего { $days } дня
    [many] Ничего { $days } дней
   *[other] Ничего { $days } дня
}
preferences-resume = Закончить перерыв сейчас
preferences-nothing = Больше не получать этих сообщений
preferences-paused = Вы просили перерыв: до { $until } ничего не придёт.
preferences-address-stopped = Сообщения на этот адрес возвращались или на них жаловались, поэтому ничего не придёт, что бы вы ни выбрали. Напишите нам, чтобы это изменить.
preferences-done-saved = Сохранено. Действует со следующего сообщения.
preferences-done-stopped = Готово. Таких сообщений больше не будет.
preferences-done-paused = Готово. Некоторое время ничего не придёт.
preferences-done-resumed = Готово. Снова приходит то, что вы выбрали.
preferences-ask = Больше не получать сообщений от { $shop }?
preferences-ask-line = Предложений, напоминаний и советов этим путём больше не будет. Сообщения о вашем заказе приходить будут.
preferences-said-stop = Отписаться
preferences-stopped = Готово
preferences-stopped-line = Таких сообщений больше не будет.
preferences-choose = Лучше выбрать, что получать
preferences-unknown = Эта ссылка никуда не ведёт
preferences-unknown-line = Она не наша, или сообщения, в котором она была, уже нет. Возьмите ссылку из более нового сообщения.

ledger-title = История согласий
ledger-line = Всё, что когда-либо говорилось о том, можно ли писать этому человеку, как оно стоит в журнале: кто сообщил и какие слова там стояли. Изменить здесь ничего нельзя.
ledger-empty = Пока ничего не сказано.
ledger-when = Когда
ledger-said = Что сказано
ledger-about = О чём
ledger-wording = Слова
ledger-message = сообщение
ledger-yes = да
ledger-no = нет
ledger-pause = перерыв до { $until }
ledger-bounced = вернулось окончательно
ledger-complained = жалоба
ledger-all = забота и реклама
