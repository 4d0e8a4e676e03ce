"""The words that clean values are made of."""

from __future__ import annotations

FIRST = (
    "Ada Alan Alice Amir Anna Anton Astrid Aisha Ben Bianca Bruno Carla Carlos Chen Chloe Clara Daniel Daria David Diego "
    "Dina Elena Elias Emma Erik Esther Eva Farid Felix Fiona Freya George Grace Hana Hanna Harry Hugo Ida Igor Ines "
    "Isaac Ivan Jana Jonas Julia Karim Katya Kofi Lara Laura Leila Leo Lina Louis Lucas Maria Marta Mei Milan Mina Nadia "
    "Nils Nina Noah Nora Olga Oliver Omar Otto Paula Pedro Priya Quinn Rafael Ravi Rosa Ruth Sami Sara Sofia Stefan Tara "
    "Theo Tom Uma Vera Victor Wanda Yara Yusuf Zara Zoe"
).split()
LAST = (
    "Abbott Adams Akande Almeida Andersen Arnold Bakker Barnes Bauer Becker Bell Berg Bianchi Bishop Brandt Brown Burke "
    "Carter Castro Chandra Chang Clark Cohen Costa Cruz Dahl Davies Diaz Dubois Duran Eklund Evans Farkas Fischer Fleming "
    "Foster Fox Garcia Gomez Gray Green Haas Hansen Harris Hayes Hill Hoffman Horvat Hughes Ito Ivanov Jansen Jensen Jones "
    "Kaya Keller Khan Kim King Klein Kovacs Kumar Lang Larsen Lee Lehmann Lewis Lopez Maier Marino Martin Mehta Mendez "
    "Meyer Mills Moore Morgan Moreau Mueller Nagy Nguyen Novak Okafor Olsen Ortiz Palmer Park Patel Perez Popov Quist "
    "Ramos Reyes Ricci Roberts Rossi Roth Sato Schmidt Silva Singh Smith Suzuki Tanaka Taylor Thomas Turner Varga Vogel "
    "Wagner Walker Weber White Wolf Wright Yang Young Zhang Zimmer"
).split()
CITIES = (
    "Amsterdam,Athens,Barcelona,Belfast,Berlin,Birmingham,Bordeaux,Bratislava,Bristol,Brussels,Budapest,Cardiff,Cologne,"
    "Copenhagen,Dresden,Dublin,Edinburgh,Florence,Frankfurt,Geneva,Glasgow,Hamburg,Helsinki,Kyoto,Leeds,Leipzig,Lisbon,"
    "Liverpool,London,Lyon,Madrid,Manchester,Milan,Munich,Naples,New York,Oslo,Paris,Porto,Prague,Riga,Rome,Rotterdam,"
    "San Francisco,Seville,Sofia,Stockholm,Tallinn,The Hague,Turin,Valencia,Vienna,Vilnius,Warsaw,Zagreb,Zurich"
).split(",")
DOMAINS = "example.com,example.net,example.org,mail.example,post.example,work.example".split(",")
PHRASES = (
    "called back,moved house,prefers e-mail,asked for a refund,paid in full,newsletter only,address to be confirmed,"
    "referred by a friend,contract renewed,left a complaint,wants an offer,do not call"
).split(",")
NULL_TOKENS = ("N/A", "-", "?", "null")
