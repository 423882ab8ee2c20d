# Слова предметной области: по семейству на каждый вид вещей.

channel-web = Сайт
channel-app = Приложение
channel-store = Магазин
channel-email = Почта
channel-sms = SMS
channel-push = Push
channel-ads = Реклама
channel-social = Соцсети
channel-search = Поиск
channel-service = Поддержка
channel-reviews = Отзывы
channel-loyalty = Лояльность
channel-webhook = Вебхук
channel-other = Другое

purpose-transactional = По заказу
purpose-care = Забота
purpose-promotion = Реклама

notice-segment-saved = Сохранено; вычисляется для всех.
notice-segment-removed = Сегмент удалён.
notice-replayed = Строка принята.
notice-replayed-many = Строки поданы снова. Те, что опять отклонены, остаются здесь с причиной.
notice-still-refused = Строка снова отклонена. Причина ниже.
notice-sending-paused = Отправка остановлена. Ничего не уйдёт, пока её не возобновят.
notice-sending-resumed = Отправка продолжается.
notice-form-expired = Форма устарела, ничего не сделано. Попробуйте ещё раз.

decision-enter = Вход
decision-decline = Вход не состоялся
decision-send = К отправке
decision-sent = Отправлено
decision-sent-not-knowing = Отправлено наугад
decision-hold = Удержано
decision-skip = Пропущено
decision-suppressed = Запрещено
decision-exit = Выход
decision-done = Завершено
decision-failed = Не удалось
decision-uncertain = Неясно
decision-taken-back = Отозвано
decision-assign = Распределено
decision-goal = Цель достигнута
decision-set = Задано
decision-notify = Просит сотрудника
decision-move = Переведён

identifier-login = Логин
identifier-customer = Номер клиента
identifier-loyalty-card = Карта лояльности
identifier-email = Почта
identifier-phone = Телефон
identifier-browser = Браузер
identifier-app-install = Установка приложения
identifier-payment-card = Платёжная карта
identifier-name-and-address = Имя и адрес
identifier-social = Аккаунт в соцсети
identifier-name = Имя
identifier-order = Номер заказа
identifier-cart-token = Корзина
identifier-other = Другое

class-unique = принадлежит одному человеку
class-contact = контакт, бывает общим
class-device = устройство
class-hint = намёк

identifier-use-joins = Связывает
identifier-use-shared = Общий, никого не связывает
identifier-use-blocked = Ни о чём не говорит

journey-state-live = Идёт
journey-state-paused = Остановлен
journey-state-closing = Закрывается

step-wait = Ждать
step-wait-until = Ждать, пока
step-wait-for = Ждать события
step-branch = Если
step-split = Разделить
step-test = Тест
step-holdout = Не трогать
step-send = Отправить
step-offer = Предложить
step-set = Записать
step-webhook = Вызвать
step-notify = Сообщить

message-sending = Отправляется
message-outbox = В исходящих
message-sent = Отправлено
message-delivered = Доставлено
message-opened = Открыто
message-clicked = Был клик
message-bounced = Вернулось
message-complained = Жалоба
message-failed = Не удалось
message-taken-back = Отозвано
message-uncertain = Неясно

consent-granted = Согласие дано
consent-soft-opt-in = Недавняя покупка, писать можно
consent-never-asked = Согласия не спрашивали
consent-withdrawn = Отказ
consent-not-needed = Согласие не нужно

closed-bought = Куплено
closed-removed = Убрано
closed-cleared = Корзина очищена

enrollment-waiting = Ждёт
enrollment-held = Удержано
enrollment-exited = Выход
enrollment-completed = Завершено
enrollment-not-entered = Вход не состоялся

order-state-kept = Не возвращён
order-state-partly-returned = Возвращён частично
order-state-returned = Возвращён
order-state-cancelled = Отменён

quarantine-state-waiting = Ждёт
quarantine-state-replayed = Принята
quarantine-state-dismissed = Отложена

source-kind-web = Интернет-магазин
source-kind-app = Приложение
source-kind-till = Кассы
source-kind-service = Служба поддержки
source-kind-provider = Провайдер сообщений
source-kind-ads = Реклама и соцсети
source-kind-loyalty = Отзывы и лояльность
source-kind-file = Файлы
source-kind-other = Другое

feed-speaks-live = Событие за событием
feed-speaks-batch = Файл за файлом

watermark-known = Всё получено
watermark-presumed = Вероятно, всё
watermark-behind = Отстаёт
watermark-never = Ни разу не слышно

notice-brought-back = Строка возвращена.
notice-too-late = Вернуть эту строку уже нельзя. Пришлите её снова из источника.
notice-joined = Теперь это один человек. Отозвать можно в карточке «Почему эти записи — один человек».
notice-kept-apart = Записи держатся раздельно. Отозвать можно в карточке «Почему эти записи — один человек».
notice-taken-back = Сказанное отозвано.
edge-seen = встречались вместе
edge-said-same = Сотрудники говорят: один человек
edge-said-apart = Сотрудники говорят: разные люди
watermark-imported = Импортирован
