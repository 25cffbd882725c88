"""Closed lists that more than one publisher speaks of. A list of one publisher stands in that publisher's file."""

from shared.events.words import Kind


class Sector(Kind):
    """Which part of society an organisation belongs to: `voluntary` (frivillig sektor: associations and the like),
    `public` (offentlig: municipality, region, state) or `private` (erhverv: companies)."""

    VOLUNTARY = "voluntary"
    PUBLIC = "public"
    PRIVATE = "private"


class OrganisationKind(Kind):
    """What an organisation is: `association` (forening), `company` (virksomhed), `municipal_unit` (a municipality's
    administration or institution), `region` (region, e.g. a hospital), `school` (skole), `network` (netværk of
    several), `working_group` (arbejdsgruppe), `body` (råd, nævn or udvalg) or `funder` (fond or pulje)."""

    ASSOCIATION = "association"
    COMPANY = "company"
    MUNICIPAL_UNIT = "municipal_unit"
    REGION = "region"
    SCHOOL = "school"
    NETWORK = "network"
    WORKING_GROUP = "working_group"
    BODY = "body"
    FUNDER = "funder"


class Form(Kind):
    """How people meet: `physical` (fysisk), `digital` (online) or `both`."""

    PHYSICAL = "physical"
    DIGITAL = "digital"
    BOTH = "both"


class NetworkLife(Kind):
    """How far a network stands on its own: `facilitated` by the centre (faciliteret), `semi_facilitated`
    (semifaciliteret: the centre helps those who run it) or `independent` (selvstændigt)."""

    FACILITATED = "facilitated"
    SEMI_FACILITATED = "semi_facilitated"
    INDEPENDENT = "independent"
