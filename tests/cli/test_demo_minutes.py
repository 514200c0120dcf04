"""The minutes of the four sources: every fact of the source stands in what the site produces from the loaded sessions.

The lists were read off the sources by hand, sentence by sentence, persons left out; docs/minutes-and-sources.md says
what was left out and why. A document is read without spaces: lines break where they like.
"""

import html
import io
import re
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from consulta.tables.models import Session
from tests.cli.test_demo_privacy import names_in

FORUM_2018 = (
    "Acta N°4",
    "29 de marzo de 2018",
    "16:15",
    "17:30",
    "Palacio de La Moneda, sala de reuniones Subsecretaría General de la Presidencia",
    # Who came, in which quality
    "Miembros de la mesa",
    "En representación del Subsecretario General de la Presidencia",
    "Representante del sector académico",
    "Dos representantes de la sociedad civil",
    "Observadores",
    "Programa de las Naciones Unidas para el Desarrollo (PNUD)",
    "Secretaría de actas",
    "Asesor de la Comisión; secretario de actas",
    "Comisión de Probidad y Transparencia, MINSEGPRES",
    "Otros asistentes",
    "Asesora de la Comisión",
    "Previamente excusó su asistencia la representante de CEPAL (observadora)",
    # The agenda
    "Bienvenida y presentación de integrantes",
    "Definición de periodicidad y calendario de reuniones 2018",
    "Preparación de diseño del proceso de co-creación de Plan de Acción 2018-2020",
    "Semana de Gobierno Abierto 7 al 11 de mayo 2018",
    "Lanzamiento informe IRM",
    "Propuestas para Cumbre Global OGP en Georgia",
    # What was said
    "quien ha asumido desde el día 12 de marzo de 2018",
    "prevención de la corrupción",
    "Foro de Integridad y Anti-Corrupción de la OCDE en París",
    "ausente durante el mes de abril de 2018, reemplazándolo en sus funciones",
    "éstas se realizarán mensualmente",
    "El secretario de actas propondrá un calendario de reuniones para los meses siguientes",
    "el día 20 de marzo de 2018, se materializó el envío de una postulación",
    "Fideicomiso de OGP del Banco Mundial",
    "US$25,000 a US$75,000",
    "la entidad receptora de los fondos sería la Fundación Ciudadano Inteligente",
    "carta de apoyo suscrita por cada una de las partes",
    "Peer exchange con Gobierno de Argentina",
    "Diseño del proceso de co-creación",
    "Ejecución plan estratégico de comunicaciones al interior de gobierno y hacia la ciudadanía",
    "Fase 1: Diagnóstico participativo",
    "Fase 2: Priorización temática y levantamiento de propuestas",
    "Fase 3: Mesas de trabajo e ideación co-creativa de compromisos",
    "Fase 4: Revisión de resultados y redacción del borrador del 4to Plan",
    "Fase 5: Consulta Pública",
    "Redacción final",
    "Hito de lanzamiento",
    "Sistematización del proceso",
    "de la manera más fiel posible a la propuesta original",
    "Banco Interamericano de Desarrollo (BID)",
    "hasta el día 31 de marzo de 2018",
    "USD $ 30,000",
    "se evaluará la pertinencia de postular a este fondo",
    "un subgrupo de la Mesa se reunirá durante la próxima semana",
    "OpenGovWeek",
    "feria de gobierno abierto (posiblemente en la Plaza de la Ciudadanía)",
    "actores del sector privado-empresarial",
    "El subgrupo que se reunirá la próxima semana se encargará de la definición de otros detalles",
    "Informe de Avance de medio término del Plan de Acción 2016-2018",
    "el día 9 de marzo de 2018",
    "darle difusión al Informe durante la Semana de Gobierno Abierto",
    "Tiflis, Georgia, los días 17 al 19 de julio de 2018",
    "organización argentina Directorio Legislativo",
    "presentará dos propuestas adicionales",
    # What is open
    "El acta no nombra a quienes forman el subgrupo",
)

FORUM_2022 = (
    "Antecedentes reunión Mesa de Gobierno Abierto y OGP",
    "16 de junio de 2022",
    "Reunión virtual",
    "11:30",
    "13:00",
    "Miembros de la mesa",
    "Red Académica de Gobierno Abierto",
    "Red de Organizaciones de la Sociedad Civil de Gobierno Abierto",
    "Comisión Económica para América Latina y el Caribe (CEPAL)",
    "Secretaria Ejecutiva de la Comisión",
    "Alianza para el Gobierno Abierto",
    "Director Adjunto y Líder Regional para Las Américas",
    "Coordinadora Regional de Apoyo a Países para América del Sur",
    "Comisión para la Integridad Pública y Transparencia",
    "Cuatro personas de la Comisión",
    "Postulación de Chile al Comité Directivo de la Alianza de Gobierno Abierto",
    "Fondo de OGP para apoyo del proceso de cocreación del Sexto Plan de Acción de Gobierno Abierto",
    "dirigida al Ministro Secretario General de la Presidencia",
    "sesión regional de República Dominicana, en septiembre",
    "el Comité Directivo ya estará definido en dicha fecha",
    "consultó por la posibilidad de asistir como público a dicho evento",
    "dependiendo de las posibilidades presupuestarias",
    "se debe completar el formulario de llamado de propuestas",
    "acordaron retomar este punto de manera posterior",
    "un apoyo de USAID",
    "retomar la presencialidad o articular con la hoja de ruta",
    "avanzar hacia un modelo de Estado Abierto",
    "15 mil a 25 mil dólares",
    "la mitad de los recursos deben ser ejecutados hasta septiembre",
    "administrado y ejecutado por una organización de la sociedad civil",
    "recomendaciones de IRM",
    "sin los representantes de OGP",
    "poniendo un plazo fatal para su aprobación por parte de la Mesa",
    "potenciar la velocidad de la toma de decisiones",
    "mecanismos de democracia interna y reglas para adoptar acuerdos en su interior",
    "La representante de CEPAL expresó su acuerdo con utilizar parte del fondo",
    "respetar los plazos fatales que se establezcan",
    "esta organización solo tendrá un rol de administración del fondo",
    "los miembros presentantes adoptaron el acuerdo",
    # The four agreements
    "Concretar la carta de las organizaciones de las redes Académica y de Sociedad Civil",
    "se tomó el acuerdo de retomar este punto en una sesión posterior",
    "la propuesta será redactada por la Comisión para la Integridad Pública y Transparencia",
    "la primera etapa de ejecución estará enfocada en una consultoría",
    "la segunda etapa se enfocaría en acciones para potenciar la difusión",
    "información sobre su directorio y sobre sus fuentes de financiamiento",
    "En 2018 CEPAL figuraba como observadora",
)

TABLE_3 = (
    "Mesa N°3: Modernización del Estado (segunda sesión)",
    "22 de junio de 2016",
    "30 de junio de 2016",
    "15:00",
    "18:00",
    "Ex Congreso, Morandé 441, sala de Comisiones",
    "Mesa 4: Transparencia e integridad",
    "Priorizar de manera conjunta las iniciativas trabajadas y evaluarlas en base a criterios OGP y enfoque SMART",
    "Lista de propuestas que fueron discutidas en la primera sesión, con detalle de cuáles se ha decidido no mantener",
    "Propuesta de Segpres de iniciativas prioritarias, en base a discusión de la primera sesión de las mesas",
    "Pre-selección de propuestas que serán consideradas para su inclusión en el tercer Plan de Acción de OGP",
    # The programme
    "Presentación de participantes; contexto y objetivos de la sesión",
    "15:10",
    "Resultados sesiones anteriores",
    "15:45",
    "16:30",
    "Café",
    "16:45",
    "(Continuación) Priorización de iniciativas",
    "17:40",
    "Cierre",
    # The list of the first session
    "Campaña de promoción y sensibilización en Datos Abiertos",
    "Portal de Transparencia Presupuestaria",
    "Datos abiertos en municipalidades",
    "Estrategia de datos abiertos y reutilización",
    "Política de Gobierno Abierto a nivel subnacional – Municipios de Peñalolén, Providencia, Recoleta y Vitacura",
    "además de la constitución de los Consejos de la Sociedad Civil que están pendientes en organismos del Estado",
    "Modificación a la Ley 18.695 de Municipalidades",
    "llave biométrica en cédula de identidad",
    "Publicación de datasets detallados sobre el uso del portal Chile Compra",
    "procesos de concursos realizados por el Sistema de Alta Dirección Pública",
    "Grupo 1",
    "Grupo 2",
    "Grupo 3",
    "Sin contraparte",
    "Gobierno abierto en municipalidades",
    "posible vinculación con iniciativa MOP",
    # Who was convened
    "(MOP/DGOP) (3 personas",
    "Municipalidad de Vitacura (1 persona",
    "(DIRECON) (1 persona",
    "ChileCompra (1 persona",
    "Municipalidad de Peñalolén (2 personas",
    "Ministerio de Bienes Nacionales (1 persona",
    "(CPLT) (2 personas",
    "Defensoría Penal Pública (1 persona",
    "Ciudadano Inteligente",
    "Defendamos la ciudad",
    "Fundación Datos Protegidos",
    "Asociación Chilena de Voluntarios",
    "Gouvernance Chile",
    "Sin organización declarada en el acta",
    # What was discussed
    "se procede a leer acta de la sesión anterior recapitulando y retomando la discusión pendiente",
    "transparencia en negociaciones internacionales",
    "comienza con el TPP",
    "automatizar los procesos de licitación",
    "Registro de mercado público",
    "Información geo referenciada",
    "se plantea fusionar los cuatro compromisos en uno solo",
    "Datasets SADP",
    "Se propone agrupar los compromisos 2, 3 y 5",
    "Antofagasta, Concepción, Punta Arenas, Talca y Valparaíso",
    "El compromiso ChileCompra se propone agrandararlo",
    "Se plantea hacer alianza sociedad civil y estado",
    "La propuesta recibe gran respaldo",
    "hacer modificación y restructuración de programa de participación ciudadana",
    "También se apoya la modificación de datos",
    "RESPECTO A LA LEY 18695",
    "modificaciones legislativas son complicadas de realizar",
    "Se incorpora a la mesa el Servicio de Impuestos Internos",
    "Bienes Nacionales como una iniciativa aparte",
    "surge un nuevo compromiso que aglutina los siguientes servicios: MOP, ChileCompra, Bienes Nacionales, "
    "CPLT (colaborador), SII y Segpres",
    "piloto a nivel regional",
    "universidades regionales",
    "se está esperando hace tiempo un proyecto de datos",
    "OGP no es el punto de presión",
    "instructivo presidencial",
    "sino que de Segegob",
    "faltan dos actores relevantes, como son la UMGD y Subdere",
    "la co-creación debe ser en el diseño e implementación",
    "Segpres se compromete a iniciar conversaciones con Subdere",
    # Conclusions
    "Existe acuerdo respecto al compromiso de transparencia presupuestaria",
    "existe acuerdo respecto al compromiso que aborda el TPP y la plataforma",
    "Hay consenso respecto a mantener la modificación al compromiso de participación ciudadana",
    "Compromiso de municipios (modelo de gestión municipal)",
    "Transparencia presupuestaria (modernización y DIPRES)",
    "Continuidad del compromiso de participación ciudadana",
    "Compromiso de datasets SADP",
    "Compromiso ChileCompra - MOP",
    "Compromiso de DIRECON",
    "Incluir a open data a transparencia presupuestaria",
    "SEGPRES queda a cargo para generar coordinación",
    "11 de julio de 2016",
    "Asistentes",
    "N/A",
    # What is open
    "Quién de los convocados asistió",
    "Qué ciudad opinó qué",
    "salió de la fusión M4 y está en la fusión M5",
)

ROUND_TABLE = (
    "Reunión Open Government Partnership (OGP)",
    "Mesa redonda, informativa sobre Planes de Acción de Chile OGP y sobre labores de Mesa de",
    "16:30",
    "18:00",
    # Nineteen lines of a list
    "(SERNAC) (1 persona",
    "Unidad de Modernización y Gobierno Digital de Chile, MINSEGPRES",
    "Consejo para la Transparencia",
    "Fundación Ciudadano Inteligente",
    "Defensoría Penal Pública (2 personas",
    "Ministerio de Salud",
    "Fundación Multitudes",
    "Ministerio Secretaría General de Gobierno (Segegob) (2 personas",
    "Laboratorio de Gobierno",
    "MINSEGPRES (3 personas",
    "Ministerio del Medio Ambiente",
    "Contraloría General de la República",
    "Asociación Chilena de Voluntarios",
    "División de Organizaciones Sociales (DOS), Ministerio Secretaría General de Gobierno",
    "Mecanismo de Revisión Independiente (IRM)",
    "Presentación de versión preliminar del Reporte de Progreso 2014-2015",
    "Generar grupo de trabajo para la estrategia de difusión de los resultados definitivos del informe",
    "En el marco del proceso de elaboración del Tercer Plan de Acción",
    "compromisos transformadores",
    "no continuar con algunos compromisos por su relevancia no clara",
    "cinco recomendaciones más importantes bajo el criterio “SMART”",
    "metodología de trabajo y recopilación de información",
    "proceso de acompañamiento de las organizaciones hacia los organismos gubernamentales",
    "limitantes políticas para el funcionamiento de la Mesa de Trabajo",
    "consolidados por CDCyT y enviados a OGP",
    "plan de difusión del reporte definitivo",
    "CDCyT, DOS-MSGG, Contraloría General de la República, Fundación Ciudadano Inteligente y Fundación Multitudes",
    "nueva propuesta de proceso para la elaboración del Tercer Plan de Acción",
    "Generar una estrategia de difusión del Informe IRM",
    "27 de enero de 2016",
    "Fecha por definir",
    "Publicado en página web",
    "El día de la reunión no está en la fuente",
)

SOURCES = {
    "Reunión N°4 Mesa de Gobierno Abierto": FORUM_2018,
    "Antecedentes reunión Mesa de Gobierno Abierto y OGP": FORUM_2022,
    "Mesa N°3: Modernización del Estado (segunda sesión)": TABLE_3,
    "Reunión Open Government Partnership (OGP)": ROUND_TABLE,
}


def squeezed(text):
    """Return `text` without spaces and hyphens."""
    return re.sub(r"[\s\u00ad\u2010-]", "", text)


def of_page(data):
    """The text of a page of the site: every tag is a boundary of nothing, entities are letters."""
    main = re.search(r"<main.*</main>", data.decode(), re.DOTALL)[0]
    return html.unescape(re.sub(r"<[^>]+>", "", main))


def of_pdf(data):
    """The text of a PDF as its pages give it."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def of_docx(data):
    """The text of a word processor's document."""
    with ZipFile(io.BytesIO(data)) as parts:
        return html.unescape(re.sub(r"<[^>]+>", "", parts.read("word/document.xml").decode()))


READERS = {"": of_page, ".pdf": of_pdf, ".docx": of_docx}


@pytest.fixture
def produced(demo, rows):
    """Return the minutes of the session with a title, in a form ("", ".pdf", ".docx"), as text without spaces."""

    def produce(title, form):
        session = rows.scalar(select(Session).where(Session.title == title))
        answer = demo.site.test_client().get(f"/sesiones/{session.id}/acta-publicada{form}")
        assert answer.status_code == 200
        return squeezed(READERS[form](answer.data))

    return produce


@pytest.mark.parametrize("form", READERS, ids=("page", "pdf", "docx"))
@pytest.mark.parametrize("title", SOURCES)
def test_every_fact_of_the_source_stands_in_the_minutes(produced, title, form):
    text = produced(title, form)
    missing = [fact for fact in SOURCES[title] if squeezed(fact) not in text]
    assert missing == []


def test_a_fact_that_is_not_there_would_be_missed(produced):
    """Planted violation: the check finds no fact in minutes that do not hold it."""
    text = produced("Reunión Open Government Partnership (OGP)", ".pdf")
    assert sum(squeezed(fact) in text for fact in FORUM_2018) < 5


def test_what_is_left_open_is_shown_as_open(rows):
    for title in SOURCES:
        session = rows.scalar(select(Session).where(Session.title == title))
        assert len(session.open_points) >= 3, title


def test_part_of_the_meeting_of_2022_was_held_without_ogp(rows):
    session = rows.scalar(select(Session).where(Session.title.startswith("Antecedentes reunión")))
    closed = [item for item in session.agenda if item["is_closed"]]
    assert [item["closed_note"] for item in closed] == [
        "La Mesa continuó la discusión de este punto sin los representantes de OGP."
    ]
    assert closed[0]["development"].startswith("4. En consideración")


def test_nobody_checked_what_they_had_noted(rows):
    published = rows.scalars(select(Session).where(Session.published_at.is_not(None))).all()
    assert len(published) == 8
    for session in published:
        assert session.checked_by_uid not in (session.submitted_by_uid, *session.hands)


@pytest.mark.parametrize("title", SOURCES)
def test_no_person_of_the_sources_is_in_the_minutes(demo, rows, title):
    session = rows.scalar(select(Session).where(Session.title == title))
    for form, read in READERS.items():
        answer = demo.site.test_client().get(f"/sesiones/{session.id}/acta-publicada{form}")
        assert names_in(read(answer.data)) == set()
