# Всё, что известно о человеке, для него самого, и удаление.

disclosure-link = Всё, что известно
disclosure-title = Всё, что известно об этом человеке
disclosure-line = Для того, кто спрашивает, что о нём хранится, или хочет забрать это с собой (GDPR, статьи 15 и 20).
disclosure-what = Что есть в файле
disclosure-others = Адреса и номера других людей скрыты, как и то, что решено из-за чужих поступков.
disclosure-html = Страница для человека
disclosure-json = JSON для программ
disclosure-of = Что { $shop } знает о вас
disclosure-person = Идентификаторы и признаки
disclosure-why = Почему это один человек
disclosure-computed = Вычисленные признаки
disclosure-scores = Оценки
disclosure-segments = Сегменты
disclosure-consents = История согласий
disclosure-messages = Сообщения
disclosure-decisions = Решения
disclosure-events = События
disclosure-set-aside = Получено и не понято
disclosure-left-out = Здесь не всё: в один файл столько не помещается

erase-title = Удалить этого человека
erase-line = Всё перечисленное исчезнет навсегда: события, сообщения, решения и то, что ждёт в карантине. Новый импорт этого не вернёт. Если человек просил файл, сначала отдайте его.
erase-sure = Я знаю, что это нельзя отменить
erase-do = Удалить навсегда
erase-unsure = Ничего не удалено. Сначала подтвердите, что знаете: отменить это нельзя.
notice-person-erased = Человек удалён
