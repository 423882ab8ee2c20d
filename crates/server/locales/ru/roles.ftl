# Кто может входить, что может каждая роль и что было сделано.

role-owner = Владелец
role-marketer = Маркетолог
role-service-desk = Служба поддержки
role-analyst = Аналитик

right-look = Видеть всё и пробовать то, что ничего не меняет
right-tell = С ключом: погашать коды на кассе, сообщать, докуда дошёл поток данных
right-answer = Говорить, кто есть кто, и делать то, о чём просят сценарии
right-give = Дать одному человеку код предложения
right-repair = Исправлять или отклонять то, что не понято
right-define = Писать и публиковать сегменты, сценарии и сообщения
right-switch = Приостанавливать и возобновлять отправку
right-disclose = Выдавать всё, что хранится о человеке
right-erase = Удалять человека
right-manage = Решать, кому что можно; ключи и каналы

refused-needs = «{ $right }» — для этих ролей: { $roles }.
refused-yours = Ваша роль: { $role }. Владелец может изменить её на странице «Кто может входить».

users-title = Кто может входить
users-line = У каждого одна роль. Чего роль не может, то ей не предлагается, а если попросить — будет отказ.
users-people = Люди
users-you = (вы)
users-role = Роль
users-role-save = Сменить роль
users-last-owner = Единственный владелец: сначала назначьте другого.
users-remove = Убрать
users-remove-who = Убрать: { $name }
users-new-password = Новый пароль
users-password-save = Задать пароль
users-add-title = Кто-то новый
users-add = Добавить
users-rights = Что может каждая роль
users-right = Право
users-scope = Область ключа API
users-may = да
users-may-not = нет
users-acts = Что было сделано
users-acts-none = Пока ничего.
users-act-when = Когда
users-act-who = Кто
users-act-what = Что
users-act-came = Что вышло
users-act-done = сделано
users-act-refused = отказано
users-act-failed = не сделано

account-title = Ваша учётная запись
account-may = Что вам можно
account-old-password = Нынешний пароль
account-new-password = Новый пароль

user-problem-name = Дайте имя от 1 до 100 знаков.
user-problem-taken = Такое имя уже занято. Роль и пароль меняются выше.
user-problem-unknown = Никого с таким именем больше нет.
user-problem-incomplete = Новому пользователю нужны роль и пароль.
user-problem-password = В пароле не меньше 8 знаков.
user-problem-wrong-password = Это не ваш нынешний пароль.
user-problem-too-many = Слишком много попыток. Подождите четверть часа и попробуйте снова.
user-problem-last-owner = Владелец должен быть. Сначала назначьте другого.

notice-user-changed = Готово: действует с этого мгновения.
erase-not-yours = Удалять может владелец: попросите его и дайте адрес этой страницы.
