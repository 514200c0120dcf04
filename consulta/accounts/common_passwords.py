"""Passwords of ten characters or more that are tried first, without case and accents; shorter ones are refused."""

COMMON = frozenset(
    """
    0123456789 0987654321 1122334455 1212121212 123123123123 1234554321 1234567890 123456789012 1234567891
    12345678910 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 9876543210 abc1234567 abcd123456 abcdefghij abcdefghijk
    admin12345 admin123456 administrador administradora administrator alejandra123 alejandro123 antofagasta
    antofagasta1 asdfghjkl1 asdfghjkl123 asdfghjkln baseball123 bienvenida bienvenido bienvenido1 bienvenido123
    bienvenidos chile12345 chile123456 chocolate123 clave12345 clave123456 colocolo123 colocolo1925 concepcion
    concepcion1 consulta123 consulta2026 contrasena contrasena1 contrasena12 contrasena123 cristobal123 diosesamor
    diosesamor1 dragon12345 esperanza123 estrella123 fernando123 football123 francisca123 francisco123 futbol12345
    gobierno123 gobiernoabierto iloveyou123 jessica123 jesucristo jesucristo1 jesusteamo lauchile123 letmein123
    mariposa123 michael123 miclave123 micontrasena monkey12345 mypassword participacion passw0rd123 password12
    password123 password1234 princesa123 qwerty1234 qwerty123456 qwertyuiop qwertyuiop123 santiago123 santiago2026
    sebastian123 secreto123 sunshine123 superman123 teamo12345 teamomucho tequiero123 universidad universidaddechile
    valentina123 valparaiso valparaiso1 vivachile1 welcome123 welcome2026 zaq12wsxcde3 zxcvbnm123
    """.split()  # noqa: SIM905  (a list of words reads better as words)
)
