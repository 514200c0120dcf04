"""A title or a body read from left to right: signs, what they govern, and the clauses that come of it."""

from consulta.similarity.claims import AGAINST, SUBJECT, Clause, root
from consulta.similarity.positions import LONGEST_SUBJECT, bounded, last, ordered, participle, rids, unwanted, wished
from consulta.similarity.reading import BREAKS
from consulta.similarity.topics import clitic_at, topic_words
from consulta.similarity.verdicts import split_at
from consulta.similarity.words import STOP_WORDS

_LONGEST_HEAD = 6
_LONGEST_BEHIND = 3
_LONGEST_TITLE = 40


class Walk:
    """The clause under way while a text is read from left to right."""

    def __init__(self, reading, found, vocabulary):
        self._words, self._spelled, self._articles = reading.words, reading.spelled, reading.articles
        self._found, self._signs = found, found.get("sign", {})
        self._ills, self._checks, self._lacks = (found.get(family, {}) for family in ("ill", "check", "lack"))
        self._vocabulary = vocabulary
        self.clauses = []
        self._told = []
        self._sentence, self._half, self._before = 0, (0, 0), 0
        self._clear()

    def _clear(self):
        self._sign, self._start, self._opened, self._end, self._head = None, 0, 0, 0, []
        self._first, self._inner, self._shield = "", None, 0
        self._ill = self._check = self._turned = self._whole = self._behind = self._refused = self._judged = False
        self._until, self._topical, self._pronoun = 0, False, False

    def step(self, at, in_title=False):
        """Read the word or sign at `at`; return where to go on."""
        if at in self._signs:
            return self.turn(at, *self._signs[at], in_title)
        if self._words[at] in self._vocabulary.nots:
            return self.negation(at)
        if (
            in_title
            and self._words[at] in self._vocabulary.rid
            and rids(self._words, at, self._sentence, self._signs, self._vocabulary)
        ):
            self.rid(at)
            return at + 1
        self.word(at)
        return at + 1

    def stop(self, at):
        """End the sentence at a break."""
        self.close()
        self._sentence, self._half, self._before = at + 1, (0, 0), len(self.clauses)

    def close(self):
        if self._behind and not self._head:
            self._look_back()
        if self._pronoun and self._sign and not self._head and self._sentence:
            self._before_break()  # "la casona tiene arreglo, no la boten"
        if self._sign and not self._head and self._inner:
            self._sign, at = self._inner  # "moratoria a los desalojos": an act as a thing
            self._head, self._first = [root(self._words[at])], self._words[at]
            self._opened, self._end = at, at + 1
            self._ill = at in self._ills
        if self._sign and self._head:
            self._keep(self._sign, self._head, self._first)
            if self._sign == "keep" and 0 < self._shield < len(self._head):
                self._keep("from", self._head[self._shield :], "")
        self._clear()

    def _keep(self, sign, head, first):
        spelled = " ".join(self._spelled[self._start : self._end])
        told = " ".join(self._words[self._opened : self._end])
        self.clauses.append(Clause(sign, head[0], frozenset(head), self._ill, self._check, first, told, spelled))

    def subject(self):
        """Return the Clause of all words of a title that are no part of a sign, as a tuple, empty without any."""
        told = [at for at in dict.fromkeys(self._told) if len(self._words[at]) > 1][:_LONGEST_TITLE]
        head = [root(self._words[at]) for at in told if self._words[at] not in STOP_WORDS]
        if not head:
            return ()
        spelled = " ".join(self._spelled[at] for at in told)
        return (Clause(SUBJECT, head[0], frozenset(head), False, False, "", "", spelled),)

    def _look_back(self):
        """Take the words before a sign that has none behind it: "multas más altas por …", "perros prohibidos en …".

        What must stop, or is to stay, is all that stands before: "speeding on Mill Lane must stop".
        """
        start = before = self._start
        self._behind = False
        told, ends, longest = 0, self._vocabulary.bounds | self._vocabulary.nots, _LONGEST_BEHIND
        if self._topical:
            ends, longest, self._whole = self._vocabulary.nots, LONGEST_SUBJECT, True
        while before and told < longest and self._words[before - 1] not in BREAKS:
            before -= 1
            told += self._words[before] not in STOP_WORDS
            if self._words[before] in ends:
                before += 1
                break
        for at in range(before, start):
            self.word(at)
        self._start, self._end = before, max(self._end, self._until) if self._topical and self._head else self._end

    def _before_break(self):
        """Take the words of the part before this one, that a pronoun stands for."""
        end = self._sentence - 1
        begin, self._pronoun = end, False
        while begin > 0 and self._words[begin - 1] not in BREAKS:
            begin -= 1
        self._whole = True
        for at in range(begin, max(begin, end)):
            self.word(at)
        self._start = min(begin, self._start)

    def turn(self, at, end, names, in_title):
        """Take a phrase of the family of signs; return where it ends."""
        if names[0] == "neutral" and self._words[at] in self._vocabulary.without:
            self.lacking(at, end)
        elif names[0] == "neutral":
            self.plain(at, end)
        elif names[0] == "without":
            self.without(at, in_title)
        elif names[0] == "instead":
            self.instead(at)
        else:
            self.sign(names[0], at, end)
        return end

    def sign(self, name, at, end):
        governs = self._vocabulary.governs
        if self._whole and self._head and self._words[at] not in self._vocabulary.degrees:
            if self._words[at - 1] in self._vocabulary.bounds:
                return  # "para menores"
            self._sign = governs.get(self._sign, {}).get(name, self._sign)  # "dogs should not be allowed"
            return
        if self._refused and self._head and name == "more" and end - at == 1:
            return  # "que no se corte más la luz"
        if (
            self._sign
            and self._head
            and self._end == at
            and end - at == 1
            and bounded(self._words, end, self._vocabulary)
        ):
            self._sign = governs.get(self._sign, {}).get(name, self._sign)  # "no school closures"
            return
        self._pronoun = end - at == 1 and bool(self._articles[at])  # "no la boten": no article before a verb
        if self._sign and not self._head:
            self._turned = self._sign == "against" and name == "for"
            self._inner = (self._sign, at) if end - at == 1 else None
            self._sign = governs.get(self._sign, {}).get(name, name)
            return
        sign = name
        if self._sign == "against" and self._words[at - 1] in self._vocabulary.relatives:
            sign = governs["against"].get(name, name)
        self.close()
        self._sign, self._start = sign, at
        degree = sign in ("more", "less") and (end - at > 1 or self._words[at] in self._vocabulary.degrees)
        stays = sign == "keep" and at > self._sentence and self._words[at] in topic_words().stays
        behind, self._until = wished(self._words, at, end, self._sentence, self._vocabulary), end
        self._topical = bool(at) and (stays or behind or self._words[at - 1] in self._vocabulary.modals)
        self._behind = (
            at
            and (degree or stays or behind or sign == "still")
            or participle(self._words, at, self._vocabulary)
            or at
            and last(self._words, end, self._vocabulary)
        )

    def plain(self, start, end):
        """Read a turn that is no sign, as the object of one before it: "fin a los cortes de luz"."""
        if self._sign and not self._head:
            for at in range(start, end):
                self.word(at)
        else:
            self._told.extend(range(start, end))

    def without(self, at, in_title):
        """A title's "buses sin mascotas" is against pets in buses; "prohibir perros sin correa" is for the leash."""
        if self._sign in AGAINST:
            self._clear()
            return
        self.close()
        denied = self._vocabulary.nots | self._vocabulary.nobody
        if in_title and denied.isdisjoint(self._words[self._sentence : at]):
            self._sign, self._start = "without", at

    def lacking(self, start, end):
        """Read what a title only says to be missing: nobody refuses it, and nobody asks for it here."""
        if self._sign in AGAINST:
            self._clear()  # "nunca más una escuela sin baños"
            return
        self.close()
        self._sign, self._start = "lacking", start
        for at in range(start + 1, end):
            self.word(at)
        self.close()

    def rid(self, at):
        """Take "lorry free" as "without lorries"."""
        self.close()
        self._sign, self._start = "without", at - 1
        self.word(at - 1)
        self._end = at + 1
        self.close()

    def instead(self, at):
        """Read "A instead of B" as for A and against B."""
        if not self._sign:
            self._sign, self._start = "for", at
            self._look_back()
        self.close()
        self._sign, self._start = "instead", at

    def halves(self, at):
        """Read a verb in two halves at `at`, up to its object; return where to go on, or None."""
        if self._half[0] <= at < self._half[1]:
            if self._sign and not self._head:
                self._before_break()  # "Latin is dead, leave it off"
            self.close()
            return self._half[1]
        split = split_at(self._words, at, self._signs, self._vocabulary)
        if not split:
            return None
        sign, *self._half = split
        self.sign(sign, at, at + 1)
        self._behind = False
        return at + 1

    def negation(self, at):
        """Note a "no" at `at` if it turns a demand round; return where to go on."""
        found = self._found
        if self._sign == "without":
            self._clear()  # "sin rampas no hay inclusión"
        after = at + 1
        following = self._words[after] if after < len(self._words) else "."
        before = self._words[at - 1] if at else "."
        rules = self._vocabulary
        if (
            following in rules.pronouns
            and (before in rules.asks or ordered(self._words, after + 1, self._signs, rules))
            and after + 1 < len(self._words)
        ):
            after, following = after + 1, self._words[after + 1]
        elif before in rules.asks and following in rules.reflexive:
            after, following = after + 1, self._words[after + 1] if after + 1 < len(self._words) else "."
        elif following in BREAKS or after in found.get("statement", {}):
            return at + 2 if following not in BREAKS else at + 1
        if before in BREAKS and following.endswith(rules.participles) and self._words[after + 1 : after + 2] != []:
            after += self._words[after + 1] in rules.bounds  # "…, no regalada a un club"
        if (
            before in BREAKS
            or before in rules.asks
            or after in self._signs
            or following.endswith(rules.infinitives)
            and len(following) > 3
        ):
            if not (self._sign and not self._head):
                self.close()
                self._start = at
                self._sign, self._refused = "against", True
            else:
                self._sign = rules.governs["against"].get(self._sign, "against")
        return after

    def unwanted(self, at):
        """Whether a "no" at `at` refuses what a title names before it."""
        return unwanted(self._words, at, self._sentence, self._found, self._vocabulary)

    def _named(self, at):
        return self._signs[at][1][0] if at in self._signs else None

    def refuse(self, at, judged=False):
        """Begin a clause against all that follows, up to the end of the sentence."""
        self.close()
        self._judged = judged
        self._sign, self._start, self._whole, self._refused = "against", at, True, True

    def clitic(self, at):
        """Read "el muro hay que botarlo" as a demand of all that stands before it; return where to go on, or None."""
        sign = clitic_at(self._words, at, self._vocabulary)
        if not sign or at == self._sentence:
            return None
        topic = range(self._sentence, at)
        denied = not self._vocabulary.nots.isdisjoint(self._words[self._sentence : at])
        del self.clauses[self._before :]
        self._clear()
        self.refuse(self._sentence, judged=True)
        self._sign = self._vocabulary.governs["against"].get(sign, sign) if denied else sign
        for place in topic:
            if self._named(place) not in (None, "neutral", "without", "instead"):
                self.sign(self._named(place), place, place + 1)
            elif self._words[place] not in self._vocabulary.nots and self._words[place] not in topic_words().obliging:
                self.word(place)
        self._end = max(self._end, at + 1)
        self.close()
        return at + 1

    def weigh(self, begin, at):
        """Add a clause of all words before a copula, that only a title that asks for just these opposes."""
        self.refuse(begin, judged=True)
        self._sign = "weighed"
        for place in range(begin, at):
            self.word(place)
        self.close()

    def refusal(self, at):
        """Begin a clause against all that stands around the "no" at `at`; return where to go on."""
        start, rules = self._sentence, self._vocabulary
        del self.clauses[self._before :]
        self._clear()
        self.refuse(start)
        for place in range(start + (self._words[start] in rules.asks), at):
            if self._words[place] not in rules.modals:
                self.word(place)
        after = at + 1
        while after < len(self._words) and self._words[after] in rules.modals | rules.reflexive | rules.abilities:
            after += 1
        return after

    def word(self, at):
        word = self._words[at]
        self._told.append(at)
        if not self._sign:
            return
        if at in self._lacks and self._refused and self._sign == "against" and not self._judged:
            self._sign = "keep"  # "que no falten remedios"
            return
        if word in self._vocabulary.shields and self._sign == "keep" and self._head and not self._topical:
            self._shield = self._shield or len(self._head)
        if word in self._vocabulary.bounds and not self._whole:
            if word in self._vocabulary.shields and self._sign == "keep" and self._head and not self._topical:
                self.close()
                self._sign, self._start = "from", at
            elif self._head or self._behind:
                self.close()
            elif self._turned and word in self._vocabulary.locative:
                self._clear()  # "no construir en el humedal" is not against the wetland
            return
        if word in self._vocabulary.either and self._behind and not self._head:
            self.close()  # "los colegios se cierran y punto"
            return
        self._pronoun = self._pronoun or word in topic_words().objects and not self._head
        if word in self._vocabulary.fillers or word in STOP_WORDS or len(word) < 2:
            return
        if self._sign == "keep" and not self._head and word.endswith(self._vocabulary.gerunds) and len(word) > 5:
            return  # "que se siga aplicando el examen"
        self._ill = self._ill or at in self._ills and len(self._head) < 2 and not self._judged
        self._check = self._check or not self._head and at in self._checks
        if not self._head:
            self._first, self._opened = word, at
        self._head.append(root(word))
        self._end = at + 1
        if len(self._head) >= _LONGEST_HEAD:
            self.close()
