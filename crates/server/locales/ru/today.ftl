# Сегодня и исходящие.

today-begin = Начало
today-begin-line = Пока ни один источник ничего не присылает. Подключите сайт, кассу или файл, и здесь появятся люди.
today-begin-action = Подключить источник
today-happened = Что произошло
today-since = с { $since }
today-looked = Просмотрено
today-nothing-happened = С прошлого раза ничего не решалось.
today-needs-you = Требует внимания
today-calm = Ничто не требует внимания. Всё идёт.
today-held = Удержанные сообщения
today-held-more = { $count ->
    [one] и ещё { $count }
    [few] и ещё { $count }
    [many] и ещё { $count }
   *[other] и ещё { $count }
}
held-since = удержано
today-uncertain-line = Возможно, провайдер его принял. Считается отправленным и не повторяется.
today-silent-since = Последний раз { $ago }.
today-never-heard = Ещё ничего не приходило.
today-expected = Ожидался к { $expected }.
today-holding = { $count ->
    [one] держит { $count } сообщение
    [few] держит { $count } сообщения
    [many] держит { $count } сообщений
   *[other] держит { $count } сообщения
}
sending-is-paused = Отправка остановлена.
sending-paused-by = Остановка: { $name }, { $since }.
sending-marketing-paused = Предложения, напоминания и советы приостановлены; сообщения о заказах идут.
sending-alarm-complaints = { $count ->
    [one] { $count } жалоба на { $sent } сообщений за 7 дней: больше 0,3 %.
    [few] { $count } жалобы на { $sent } сообщений за 7 дней: больше 0,3 %.
    [many] { $count } жалоб на { $sent } сообщений за 7 дней: больше 0,3 %.
   *[other] { $count } жалобы на { $sent } сообщений за 7 дней: больше 0,3 %.
}
sending-alarm-bounces = { $count ->
    [one] Вернулось { $count } из { $sent } сообщений за 7 дней: больше 5 %.
    [few] Вернулось { $count } из { $sent } сообщений за 7 дней: больше 5 %.
    [many] Вернулось { $count } из { $sent } сообщений за 7 дней: больше 5 %.
   *[other] Вернулось { $count } из { $sent } сообщений за 7 дней: больше 5 %.
}
sending-alarm-next = Посмотрите, что ушло последним и кому, и возобновите: счёт начнётся заново.
sending-resume = Возобновить отправку

messages = Сообщения
outbox-line = То, что программа отправила бы. Почтовый сервер не задан, поэтому ничего не покидает эту машину.
outbox-empty = Сообщений пока нет.
message-html = Как выглядит
message-frame = Сообщение «{ $subject }»
message-pictures = Картинки из сети не загружаются.
message-plain = Простой текст
message-envelope = Конверт
message-for = Человек
message-from = От
message-to = Кому
message-headers = Заголовки
journey = Сценарий

sending-pause = Остановить отправку
today-takings = Заказы и продажи
takings-orders = Заказы
takings-net = Продажи
takings-line = За вычетом возвратов, по дню заказа, насколько сообщили источники.
takings-counting = Более ранние события ещё считаются.
today-latest = последняя { $ago }
sending-paused-restore = Данные восстановлены из копии. Проверьте их и возобновите отправку.
takings-foreign = { $count ->
    [one] { $count } заказ в другой валюте в суммы не входит.
    [few] { $count } заказа в других валютах в суммы не входят.
    [many] { $count } заказов в других валютах в суммы не входят.
   *[other] { $count } заказа в других валютах в суммы не входят.
}
