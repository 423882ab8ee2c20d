# Поиск людей.

people-count = { $count ->
    [one] { $count } человек
    [few] { $count } человека
    [many] { $count } человек
   *[other] { $count } человека
}
people-search = Найти человека
people-placeholder = Имя, почта, телефон, карта или заказ
people-results = Найденные люди
people-none = По запросу «{ $query }» никого нет. Попробуйте часть имени или другой идентификатор.
people-none-short = Никого нет.
people-found = { $count ->
    [one] Найден { $count } человек
    [few] Найдено { $count } человека
    [many] Найдено { $count } человек
   *[other] Найдено { $count } человека
}
people-more = { $count ->
    [one] Показан { $count } лучший. Уточните запрос.
    [few] Показаны { $count } лучших. Уточните запрос.
    [many] Показано { $count } лучших. Уточните запрос.
   *[other] Показано { $count } лучших. Уточните запрос.
}
people-hint = Одна строка для всего, что ведёт к человеку:
people-hint-name = имя, можно с опечаткой
people-hint-email = адрес почты
people-hint-phone = телефон в любой записи
people-hint-card = карта лояльности
people-hint-order = номер заказа или чека
people-private = Введённое не остаётся ни в адресе, ни в истории браузера.
last-seen = последний раз
people-identity = Кто может быть одним человеком?
