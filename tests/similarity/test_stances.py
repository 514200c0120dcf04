"""What titles stand for and against: judgements, questions, verbs in two halves, what is only missing."""

import pytest

from consulta.similarity.guard_data import vocabulary
from consulta.similarity.guards import warnings_between
from consulta.similarity.stances import SUBJECT
from consulta.similarity.traits import traits_of


def oppose(one, other):
    pair = traits_of(one, ""), traits_of(other, "")
    there, back = (any(found.kind == "stance" for found in warnings_between(*turned)) for turned in (pair, pair[::-1]))
    assert there == back
    return there


OPPOSED = [
    # What is put in the place of something is asked for.
    ("Bicicletas y no autos en el centro", "No a las bicicletas en el centro"),
    # A no of one word, whatever the other title adds.
    ("Teletrabajo dos días a la semana", "Terminar con el teletrabajo"),
    ("Cuota de mano de obra local en las faenas", "Sin cuotas de mano de obra local en las faenas"),
    ("Energía fotovoltaica en los techos de la escuela", "Basta de paneles solares en los techos de la escuela"),
    # Judgements, of what stands before them or behind.
    ("A kiosk on the pier", "A kiosk on the pier is a mistake"),
    ("Un quiosco en el muelle", "Mala idea un quiosco en el muelle"),
    ("Un quiosco en el muelle", "Un quiosco en el muelle, no gracias"),
    ("Prohibir los quioscos", "Prohibir los quioscos del muelle no sirve de nada"),
    ("Deposits on bottles", "Deposits on bottles would hurt corner shops"),
    ("Un peaje en la ruta sur", "Un peaje en la ruta sur sería un robo"),
    # Questions.
    ("Prohibir los celulares en clases", "¿Y por qué prohibir los celulares en clases?"),
    ("Make Founders' Day a holiday", "Why make Founders' Day a holiday?"),
    ("Un dron para la muni", "¿Para qué quiere un dron la muni?"),
    # Verbs in two halves.
    ("Speed cameras on Mill Road", "Take the speed cameras off Mill Road"),
    ("Lower the pass mark of the exam", "Leave the pass mark of the exam as it is"),
    ("Subir la tarifa del agua", "Mantener la tarifa del agua como está"),
    # What goes on, and what takes the place of what.
    ("Eliminar el examen de ingreso", "Que se siga aplicando el examen de ingreso"),
    ("Tablets instead of textbooks", "Textbooks instead of tablets"),
    ("Edificios altos en el barrio antiguo", "Proteger el barrio antiguo de los edificios altos"),
    # Freed of a thing.
    ("Fireworks at the harbour party", "A firework-free harbour party"),
    ("Fuegos artificiales en la fiesta del puerto", "Fiesta del puerto libre de fuegos artificiales"),
    # A sign behind what it governs, and one under another.
    ("Rent freeze for three years", "No rent freeze"),
    ("Moratoria a los desalojos en invierno", "Permitir los desalojos en invierno"),
    ("Council tax should go up", "Council tax should not go up"),
    ("Aprobar el parque eólico", "El parque eólico no puede aprobarse"),
    ("Parquímetros en la calle Rengo", "Calle Rengo: sáquenle los parquímetros"),
    ("Ni una concesión salmonera más", "Más concesiones salmoneras"),
    # Opinions: of a deed all that is no praise, of a thing what scorns it.
    ("Cobrar la entrada al cerro", "Cobrar la entrada al cerro sería un abuso"),
    ("Adelantar el cierre de las fuentes de soda", "Adelantar el cierre de las fuentes de soda nos deja sin clientes"),
    ("Charge tourists to enter the old town", "Charging tourists to enter the old town is daylight robbery"),
    ("A jazz festival on the green in August", "A jazz festival on the green is one festival too far"),
    ("Un casino en la costanera", "¿Un casino en la costanera? Ni en pintura"),
    ("Un casino en la costanera", "Un casino en la costanera, puro negocio"),
    ("Install ticket barriers at the station", "Ticket barriers at the station? You must be joking"),
    ("Extend the quiet zone", "The quiet zone does nothing"),
    ("CCTV in the underpass", "CCTV in the underpass won't make anyone safer"),
    ("Give the carnival another year", "The carnival has had its day"),
    # What is said behind the thing: a pronoun, what stays, what is not done.
    ("Aprobar la ampliación del puerto", "La ampliación del puerto hay que rechazarla"),
    ("Conservar el muro del regimiento", "El muro del regimiento hay que botarlo"),
    ("Secar la laguna del parque", "La laguna del parque se queda"),
    ("Rifar los puestos de la feria", "Los puestos de la feria tienen que seguir"),
    ("Demolish the bandstand", "The bandstand should stay"),
    ("Entregar en concesión el estadio", "El estadio no se concesiona"),
    ("Arrendar el gimnasio a una cadena", "El gimnasio no se arrienda a ninguna cadena"),
    ("Lease the allotments to a developer", "The allotments are not to be leased to anyone"),
    ("Put Latin back on the timetable", "Latin is dull, leave it off the timetable"),
    ("Que los colegios abran en vacaciones", "En vacaciones los colegios se cierran y punto"),
    ("Demoler la escuela vieja", "La escuela vieja tiene arreglo, no la boten"),
    ("Que los feriantes paguen por la basura", "Los feriantes no tienen que pagar por la basura"),
    ("Cambiar los semáforos por rotondas", "Semáforos y no rotondas"),
    ("Allow scooters on the pavement", "Scooters off the pavement"),
    # Deeds at two ends of a question.
    ("Dejen entrar las bicicletas al paseo", "Multar a las bicicletas que entran al paseo"),
    ("Apagar las luces de la cancha a las diez", "Mantener encendidas las luces de la cancha"),
    ("Cerrar con reja la plaza del barrio", "Plaza del barrio sin reja, abierta día y noche"),
]

AGREED = [
    # What is missing is wanted.
    ("Nunca más una escuela sin calefacción", "Calefacción en todas las escuelas"),
    ("Sin rampas no hay inclusión", "Rampas para la inclusión"),
    ("Que no falten remedios en el consultorio", "Remedios siempre en el consultorio"),
    ("Do not let the theatre die", "Save the theatre"),
    ("¿Por qué no poner techo a la cancha?", "Techar la cancha"),
    ("Why don't we have a swimming pool?", "A swimming pool for the town"),
    # A no that is another word for the same.
    ("Que los abuelitos no paguen pasaje", "Pasaje gratis para los mayores de 65"),
    ("Camión de reciclaje casa por casa", "Retiro de reciclables puerta a puerta"),
    ("Ban lorries from the centre", "A lorry-free centre"),
    ("Close the school street at drop-off", "Car-free school street at drop-off"),
    ("Sacar los autos botados de la calle", "Retiro de vehículos abandonados de la calle"),
    ("Reemplazar el pasto por plantas nativas", "Plantas nativas en vez de pasto"),
    # An ill of a thing is not the thing.
    ("No queremos más micros llenas", "Más micros en hora punta"),
    ("Dropped kerbs at every crossing", "Drop the kerbs at all crossings"),
    # Praise, and who does harm.
    ("Una sede para el club es necesaria", "Una sede para el club"),
    ("Free lunches for every child", "Give every child free lunches"),
    ("Multa a quienes dañan los árboles", "Multas por dañar los árboles"),
    # The same refused by another sign, where both ask for what is another of its kind.
    ("Gastos en Excel y no en PDF", "Basta de PDF: gastos en formato reutilizable"),
    ("Árboles nativos y no palmeras", "Basta de palmeras: árboles nativos"),
    ("Ferias sin bolsas de plástico", "No a las bolsas de plástico en las ferias"),
    ("Crossings and not bridges on Mill Road", "No bridges: crossings on Mill Road"),
    # Praise of a deed, and complaints of a thing that is to be better.
    ("Prohibir los petardos es lo correcto", "Prohibir los petardos"),
    ("El alcantarillado es una vergüenza", "Renovar el alcantarillado"),
    ("The crossing is a disgrace, fix it", "Fix the crossing"),
    ("Council tax must go up", "Council tax should go up"),
    # What is said behind the thing, and what is only missing.
    ("El cobro del estacionamiento hay que eliminarlo", "Eliminar el cobro del estacionamiento"),
    ("El museo debería quedarse en la estación", "No trasladar el museo de la estación"),
    ("El cerro no se vende", "No vender el cerro"),
    ("El humedal no se toca", "Proteger el humedal"),
    ("La plaza no se limpia", "Limpiar la plaza"),
    ("Perros con correa en el parque", "Que los perros no anden sueltos en el parque"),
    ("El baño del terminal está cerrado siempre", "Abrir el baño del terminal"),
    ("Scooters off the pavement", "Ban scooters on the pavement"),
    ("Cambiar los focos por luces LED", "Luces LED"),
    # Words that are no verdict there, and no verb.
    ("Cruce peatonal frente al liceo", "Paso de cebra frente al liceo"),
    ("Aprovechar la comida que sobra en los colegios", "No botar comida en los colegios"),
    ("Weekly bin collection", "Collect the bins every week"),
]


@pytest.mark.parametrize("one, other", OPPOSED, ids=lambda part: part)
def test_who_refuses_what_another_asks_for_stands_against_it(one, other):
    assert oppose(one, other)


@pytest.mark.parametrize("one, other", AGREED, ids=lambda part: part)
def test_a_no_that_asks_for_the_same_is_no_opposition(one, other):
    assert not oppose(one, other)


def test_a_title_keeps_the_words_that_are_no_part_of_a_sign():
    (subject,) = (clause for clause in traits_of("Terminar con el teletrabajo", "").stance if clause.sign == SUBJECT)
    assert subject.spelled == "teletrabajo"


def test_a_body_takes_no_side_by_what_it_judges():
    titles = "Un quiosco en el muelle", "Quiosco en el muelle"
    pair = traits_of(titles[0], "Estar sin sombra es una mala idea."), traits_of(titles[1], "")
    assert warnings_between(*pair) == ()


def test_the_shares_that_decide_are_data():
    assert set(vocabulary().opposing) == {"things", "titles", "named", "whole", "weighed", "ends"}
    assert all(0 < share <= 1 for share in vocabulary().opposing.values())


@pytest.mark.parametrize(
    "text",
    [
        "take " * 12_000,
        "why " * 12_000,
        "es un error, " * 4_000,
        "sin y no " * 5_000,
        "no se vende " * 4_000,
        "hay que botarlo, " * 3_000,
        "se cierran y " * 4_000,
        "con sin " * 6_000,
        "leave it off " * 4_000,
    ],
)
def test_hostile_titles_are_read_all_the_same(text):
    assert not oppose(text, text)
