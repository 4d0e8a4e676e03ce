{# True for true, t, yes, y, on and 1, false for false, f, no, n, off and 0, whatever their case; else null. Written by 'make macros' from the compiler. #}
{% macro to_boolean(column) -%}
  {%- set form = adapter.dispatch('to_boolean', 'sanitizer')('words', column) | trim -%}
  {{ form }}
{%- endmacro %}

{% macro duckdb__to_boolean(form, column) -%}
{%- if form == 'words' -%}CASE WHEN (ARRAY_CONTAINS(STR_SPLIT('true{{ '\n' }}t{{ '\n' }}yes{{ '\n' }}y{{ '\n' }}on{{ '\n' }}1', CHR(10)), LOWER(({{ column }})))) THEN TRUE WHEN (ARRAY_CONTAINS(STR_SPLIT('false{{ '\n' }}f{{ '\n' }}no{{ '\n' }}n{{ '\n' }}off{{ '\n' }}0', CHR(10)), LOWER(({{ column }})))) THEN FALSE ELSE LIST_TRANSFORM([LOWER(REGEXP_REPLACE(({{ column }}), '^[	{{ '\n' }}{{ '\r' }}                  　]+|[	{{ '\n' }}{{ '\r' }}                  　]+$', '', 'g'))], LAMBDA "@it" : CASE WHEN (ARRAY_CONTAINS(STR_SPLIT('true{{ '\n' }}t{{ '\n' }}yes{{ '\n' }}y{{ '\n' }}on{{ '\n' }}1', CHR(10)), "@it")) THEN TRUE WHEN (ARRAY_CONTAINS(STR_SPLIT('false{{ '\n' }}f{{ '\n' }}no{{ '\n' }}n{{ '\n' }}off{{ '\n' }}0', CHR(10)), "@it")) THEN FALSE END)[1] END
{%- else -%}{{ sanitizer.no_such_form('to_boolean', form, ['words']) }}
{%- endif -%}
{%- endmacro %}

{% macro postgres__to_boolean(form, column) -%}
{%- set part_5 -%}'.,abcdefghijklmnopqrstuvwxyzàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįiĳĵķĺļľŀłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷÿźżžɓƃƅɔƈɖɗƌǝəɛƒɠɣɩɨƙɯɲɵơƣƥʀƨʃƭʈưʊʋƴƶʒƹƽǆǆǉǉǌǌǎǐǒǔǖǘǚǜǟǡǣǥǧǩǫǭǯǳǳǵƕƿǹǻǽǿȁȃȅȇȉȋȍȏȑȓȕȗșțȝȟƞȣȥȧȩȫȭȯȱȳⱥȼƚⱦɂƀʉʌɇɉɋɍɏ'{%- endset -%}
{%- set part_4 -%}'.,ABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĲĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽƁƂƄƆƇƉƊƋƎƏƐƑƓƔƖƗƘƜƝƟƠƢƤƦƧƩƬƮƯƱƲƳƵƷƸƼǄǅǇǈǊǋǍǏǑǓǕǗǙǛǞǠǢǤǦǨǪǬǮǱǲǴǶǷǸǺǼǾȀȂȄȆȈȊȌȎȐȒȔȖȘȚȜȞȠȢȤȦȨȪȬȮȰȲȺȻȽȾɁɃɄɅɆɈɊɌɎ'{%- endset -%}
{%- set part_3 -%}("@l", ' etaoinshrdlcumwfgypbvkjxqz0123456789-''.,ͰͲͶͿΆΈΉΊΌΎΏΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΪΫϏϘϚϜϞϠϢϤϦϨϪϬϮϴϷϹϺϽϾϿЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯѠѢѤѦѨѪѬѮѰѲѴѶѸѺѼѾҀҊҌҎҐҒҔҖҘҚҜҞҠҢҤҦҨҪҬҮҰҲҴҶҸҺҼҾӀӁӃӅӇӉӋӍӐӒӔӖӘӚӜӞӠӢӤӦӨӪӬӮӰӲӴӶӸӺӼӾԀԂԄԆԈԊԌԎԐԒԔԖԘԚԜԞԠԢԤԦԨԪԬԮԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖ', ' etaoinshrdlcumwfgypbvkjxqz0123456789-''.,ͱͳͷϳάέήίόύώαβγδεζηθικλμνξοπρστυφχψωϊϋϗϙϛϝϟϡϣϥϧϩϫϭϯθϸϲϻͻͼͽѐёђѓєѕіїјљњћќѝўџабвгдежзийклмнопрстуфхцчшщъыьэюяѡѣѥѧѩѫѭѯѱѳѵѷѹѻѽѿҁҋҍҏґғҕҗҙқҝҟҡңҥҧҩҫҭүұҳҵҷҹһҽҿӏӂӄӆӈӊӌӎӑӓӕӗәӛӝӟӡӣӥӧөӫӭӯӱӳӵӷӹӻӽӿԁԃԅԇԉԋԍԏԑԓԕԗԙԛԝԟԡԣԥԧԩԫԭԯաբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ'){%- endset -%}
{%- set part_2 -%}("@e", ' etaoinshrdlcumwfgypbvkjxqz0123456789-''.,ႠႡႢႣႤႥႦႧႨႩႪႫႬႭႮႯႰႱႲႳႴႵႶႷႸႹႺႻႼႽႾႿჀჁჂჃჄჅჇჍᎠᎡᎢᎣᎤᎥᎦᎧᎨᎩᎪᎫᎬᎭᎮᎯᎰᎱᎲᎳᎴᎵᎶᎷᎸᎹᎺᎻᎼᎽᎾᎿᏀᏁᏂᏃᏄᏅᏆᏇᏈᏉᏊᏋᏌᏍᏎᏏᏐᏑᏒᏓᏔᏕᏖᏗᏘᏙᏚᏛᏜᏝᏞᏟᏠᏡᏢᏣᏤᏥᏦᏧᏨᏩᏪᏫᏬᏭᏮᏯᏰᏱᏲᏳᏴᏵᲐᲑᲒᲓᲔᲕᲖᲗᲘᲙᲚᲛᲜᲝᲞᲟᲠᲡᲢᲣᲤᲥᲦᲧᲨᲩᲪᲫᲬᲭᲮᲯᲰᲱᲲᲳᲴᲵᲶᲷᲸᲹᲺᲽᲾᲿḀḂḄḆḈḊḌḎḐḒḔḖḘḚḜḞḠḢḤḦḨḪḬḮḰḲḴḶḸḺḼḾṀṂṄṆṈṊṌṎṐṒṔṖṘṚṜṞṠṢṤṦṨṪṬṮṰṲṴṶṸṺṼṾẀẂẄẆẈẊẌẎẐẒẔẞẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸỺỼỾἈἉἊἋἌἍἎἏἘἙἚἛἜἝἨἩἪἫἬἭἮἯἸἹἺἻἼἽἾἿὈὉὊὋὌὍὙὛὝὟὨὩὪὫὬὭὮὯᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾸᾹᾺΆᾼῈΈῊΉῌῘῙῚΊῨῩῪΎῬῸΌῺΏῼΩKÅℲⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫⅬⅭⅮⅯↃⒶⒷⒸⒹⒺⒻⒼⒽⒾⒿⓀⓁⓂⓃⓄⓅⓆⓇⓈⓉⓊⓋⓌⓍⓎⓏⰀⰁⰂⰃⰄⰅⰆⰇⰈⰉⰊⰋⰌⰍⰎⰏⰐⰑⰒⰓⰔⰕⰖⰗⰘⰙⰚⰛⰜⰝⰞⰟⰠⰡⰢⰣⰤⰥⰦⰧⰨⰩⰪⰫⰬⰭⰮⰯⱠⱢⱣⱤⱧⱩⱫⱭⱮⱯⱰⱲⱵⱾⱿⲀⲂⲄⲆⲈⲊⲌⲎⲐⲒⲔⲖⲘⲚⲜⲞⲠⲢⲤⲦⲨⲪⲬⲮⲰⲲⲴⲶⲸⲺⲼⲾⳀⳂⳄⳆⳈⳊⳌⳎⳐⳒⳔⳖⳘⳚⳜⳞⳠⳢⳫⳭⳲꙀꙂꙄꙆꙈꙊꙌꙎꙐꙒꙔꙖꙘꙚꙜꙞꙠꙢꙤꙦꙨꙪꙬꚀꚂꚄꚆꚈꚊꚌꚎꚐꚒꚔꚖꚘꚚꜢꜤꜦꜨꜪꜬꜮꜲꜴꜶꜸꜺꜼꜾꝀꝂꝄꝆꝈꝊꝌꝎꝐꝒꝔꝖꝘꝚꝜꝞꝠꝢꝤꝦꝨꝪꝬꝮꝹꝻꝽꝾꞀꞂꞄꞆꞋꞍꞐꞒꞖꞘꞚꞜꞞꞠꞢꞤꞦꞨꞪꞫꞬꞭꞮꞰꞱꞲꞳꞴꞶꞸꞺꞼꞾꟀꟂꟄꟅꟆꟇꟉꟐꟖꟘꟵＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ𐐀𐐁𐐂𐐃𐐄𐐅𐐆𐐇𐐈𐐉𐐊𐐋𐐌𐐍𐐎𐐏𐐐𐐑𐐒𐐓𐐔𐐕𐐖𐐗𐐘𐐙𐐚𐐛𐐜𐐝𐐞𐐟𐐠𐐡𐐢𐐣𐐤𐐥𐐦𐐧𐒰𐒱𐒲𐒳𐒴𐒵𐒶𐒷𐒸𐒹𐒺𐒻𐒼𐒽𐒾𐒿𐓀𐓁𐓂𐓃𐓄𐓅𐓆𐓇𐓈𐓉𐓊𐓋𐓌𐓍𐓎𐓏𐓐𐓑𐓒𐓓𐕰𐕱𐕲𐕳𐕴𐕵𐕶𐕷𐕸𐕹𐕺𐕼𐕽𐕾𐕿𐖀𐖁𐖂𐖃𐖄𐖅𐖆𐖇𐖈𐖉𐖊𐖌𐖍𐖎𐖏𐖐𐖑𐖒𐖔𐖕𐲀𐲁𐲂𐲃𐲄𐲅𐲆𐲇𐲈𐲉𐲊𐲋𐲌𐲍𐲎𐲏𐲐𐲑𐲒𐲓𐲔𐲕𐲖𐲗𐲘𐲙𐲚𐲛𐲜𐲝𐲞𐲟𐲠𐲡𐲢𐲣𐲤𐲥𐲦𐲧𐲨𐲩𐲪𐲫𐲬𐲭𐲮𐲯𐲰𐲱𐲲𑢠𑢡𑢢𑢣𑢤𑢥𑢦𑢧𑢨𑢩𑢪𑢫𑢬𑢭𑢮𑢯𑢰𑢱𑢲𑢳𑢴𑢵𑢶𑢷𑢸𑢹𑢺𑢻𑢼𑢽𑢾𑢿𖹀𖹁𖹂𖹃𖹄𖹅𖹆𖹇𖹈𖹉𖹊𖹋𖹌𖹍𖹎𖹏𖹐𖹑𖹒𖹓𖹔𖹕𖹖𖹗𖹘𖹙𖹚𖹛𖹜𖹝𖹞𖹟𞤀𞤁𞤂𞤃𞤄𞤅𞤆𞤇𞤈𞤉𞤊𞤋𞤌𞤍𞤎𞤏𞤐𞤑𞤒𞤓𞤔𞤕𞤖𞤗𞤘𞤙𞤚𞤛𞤜𞤝𞤞𞤟𞤠𞤡', ' etaoinshrdlcumwfgypbvkjxqz0123456789-''.,ⴀⴁⴂⴃⴄⴅⴆⴇⴈⴉⴊⴋⴌⴍⴎⴏⴐⴑⴒⴓⴔⴕⴖⴗⴘⴙⴚⴛⴜⴝⴞⴟⴠⴡⴢⴣⴤⴥⴧⴭꭰꭱꭲꭳꭴꭵꭶꭷꭸꭹꭺꭻꭼꭽꭾꭿꮀꮁꮂꮃꮄꮅꮆꮇꮈꮉꮊꮋꮌꮍꮎꮏꮐꮑꮒꮓꮔꮕꮖꮗꮘꮙꮚꮛꮜꮝꮞꮟꮠꮡꮢꮣꮤꮥꮦꮧꮨꮩꮪꮫꮬꮭꮮꮯꮰꮱꮲꮳꮴꮵꮶꮷꮸꮹꮺꮻꮼꮽꮾꮿᏸᏹᏺᏻᏼᏽაბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰჱჲჳჴჵჶჷჸჹჺჽჾჿḁḃḅḇḉḋḍḏḑḓḕḗḙḛḝḟḡḣḥḧḩḫḭḯḱḳḵḷḹḻḽḿṁṃṅṇṉṋṍṏṑṓṕṗṙṛṝṟṡṣṥṧṩṫṭṯṱṳṵṷṹṻṽṿẁẃẅẇẉẋẍẏẑẓẕßạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹỻỽỿἀἁἂἃἄἅἆἇἐἑἒἓἔἕἠἡἢἣἤἥἦἧἰἱἲἳἴἵἶἷὀὁὂὃὄὅὑὓὕὗὠὡὢὣὤὥὦὧᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾰᾱὰάᾳὲέὴήῃῐῑὶίῠῡὺύῥὸόὼώῳωkåⅎⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹⅺⅻⅼⅽⅾⅿↄⓐⓑⓒⓓⓔⓕⓖⓗⓘⓙⓚⓛⓜⓝⓞⓟⓠⓡⓢⓣⓤⓥⓦⓧⓨⓩⰰⰱⰲⰳⰴⰵⰶⰷⰸⰹⰺⰻⰼⰽⰾⰿⱀⱁⱂⱃⱄⱅⱆⱇⱈⱉⱊⱋⱌⱍⱎⱏⱐⱑⱒⱓⱔⱕⱖⱗⱘⱙⱚⱛⱜⱝⱞⱟⱡɫᵽɽⱨⱪⱬɑɱɐɒⱳⱶȿɀⲁⲃⲅⲇⲉⲋⲍⲏⲑⲓⲕⲗⲙⲛⲝⲟⲡⲣⲥⲧⲩⲫⲭⲯⲱⲳⲵⲷⲹⲻⲽⲿⳁⳃⳅⳇⳉⳋⳍⳏⳑⳓⳕⳗⳙⳛⳝⳟⳡⳣⳬⳮⳳꙁꙃꙅꙇꙉꙋꙍꙏꙑꙓꙕꙗꙙꙛꙝꙟꙡꙣꙥꙧꙩꙫꙭꚁꚃꚅꚇꚉꚋꚍꚏꚑꚓꚕꚗꚙꚛꜣꜥꜧꜩꜫꜭꜯꜳꜵꜷꜹꜻꜽꜿꝁꝃꝅꝇꝉꝋꝍꝏꝑꝓꝕꝗꝙꝛꝝꝟꝡꝣꝥꝧꝩꝫꝭꝯꝺꝼᵹꝿꞁꞃꞅꞇꞌɥꞑꞓꞗꞙꞛꞝꞟꞡꞣꞥꞧꞩɦɜɡɬɪʞʇʝꭓꞵꞷꞹꞻꞽꞿꟁꟃꞔʂᶎꟈꟊꟑꟗꟙꟶａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ𐐨𐐩𐐪𐐫𐐬𐐭𐐮𐐯𐐰𐐱𐐲𐐳𐐴𐐵𐐶𐐷𐐸𐐹𐐺𐐻𐐼𐐽𐐾𐐿𐑀𐑁𐑂𐑃𐑄𐑅𐑆𐑇𐑈𐑉𐑊𐑋𐑌𐑍𐑎𐑏𐓘𐓙𐓚𐓛𐓜𐓝𐓞𐓟𐓠𐓡𐓢𐓣𐓤𐓥𐓦𐓧𐓨𐓩𐓪𐓫𐓬𐓭𐓮𐓯𐓰𐓱𐓲𐓳𐓴𐓵𐓶𐓷𐓸𐓹𐓺𐓻𐖗𐖘𐖙𐖚𐖛𐖜𐖝𐖞𐖟𐖠𐖡𐖣𐖤𐖥𐖦𐖧𐖨𐖩𐖪𐖫𐖬𐖭𐖮𐖯𐖰𐖱𐖳𐖴𐖵𐖶𐖷𐖸𐖹𐖻𐖼𐳀𐳁𐳂𐳃𐳄𐳅𐳆𐳇𐳈𐳉𐳊𐳋𐳌𐳍𐳎𐳏𐳐𐳑𐳒𐳓𐳔𐳕𐳖𐳗𐳘𐳙𐳚𐳛𐳜𐳝𐳞𐳟𐳠𐳡𐳢𐳣𐳤𐳥𐳦𐳧𐳨𐳩𐳪𐳫𐳬𐳭𐳮𐳯𐳰𐳱𐳲𑣀𑣁𑣂𑣃𑣄𑣅𑣆𑣇𑣈𑣉𑣊𑣋𑣌𑣍𑣎𑣏𑣐𑣑𑣒𑣓𑣔𑣕𑣖𑣗𑣘𑣙𑣚𑣛𑣜𑣝𑣞𑣟𖹠𖹡𖹢𖹣𖹤𖹥𖹦𖹧𖹨𖹩𖹪𖹫𖹬𖹭𖹮𖹯𖹰𖹱𖹲𖹳𖹴𖹵𖹶𖹷𖹸𖹹𖹺𖹻𖹼𖹽𖹾𖹿𞤢𞤣𞤤𞤥𞤦𞤧𞤨𞤩𞤪𞤫𞤬𞤭𞤮𞤯𞤰𞤱𞤲𞤳𞤴𞤵𞤶𞤷𞤸𞤹𞤺𞤻𞤼𞤽𞤾𞤿𞥀𞥁𞥂𞥃'){%- endset -%}
{%- set part_1 -%}((CASE WHEN OCTET_LENGTH(({{ column }})) = LENGTH(({{ column }})) THEN LOWER(({{ column }}) COLLATE "C") ELSE (SELECT CASE WHEN "@e" ~ '[^-֏]' THEN TRANSLATE{{ part_2 }} ELSE "@e" END FROM (SELECT CASE WHEN "@l" ~ '[^-ɏ]' THEN TRANSLATE{{ part_3 }} ELSE "@l" END AS "@e" FROM (SELECT TRANSLATE(({{ column }}), ' etaoinshrdlcumwfgypbvkjxqz0123456789-'{{ part_4 }}, ' etaoinshrdlcumwfgypbvkjxqz0123456789-'{{ part_5 }}) AS "@l" OFFSET 0) AS "@given" OFFSET 0) AS "@given") END)){%- endset -%}
{%- if form == 'words' -%}CASE WHEN ({{ part_1 }} = ANY(STRING_TO_ARRAY('true{{ '\n' }}t{{ '\n' }}yes{{ '\n' }}y{{ '\n' }}on{{ '\n' }}1', '{{ '\n' }}'))) THEN TRUE WHEN ({{ part_1 }} = ANY(STRING_TO_ARRAY('false{{ '\n' }}f{{ '\n' }}no{{ '\n' }}n{{ '\n' }}off{{ '\n' }}0', '{{ '\n' }}'))) THEN FALSE ELSE (SELECT CASE WHEN ("@it" = ANY(STRING_TO_ARRAY('true{{ '\n' }}t{{ '\n' }}yes{{ '\n' }}y{{ '\n' }}on{{ '\n' }}1', '{{ '\n' }}'))) THEN TRUE WHEN ("@it" = ANY(STRING_TO_ARRAY('false{{ '\n' }}f{{ '\n' }}no{{ '\n' }}n{{ '\n' }}off{{ '\n' }}0', '{{ '\n' }}'))) THEN FALSE END FROM (SELECT (SELECT (CASE WHEN OCTET_LENGTH("@value") = LENGTH("@value") THEN LOWER("@value" COLLATE "C") ELSE (SELECT CASE WHEN "@e" ~ '[^-֏]' THEN TRANSLATE{{ part_2 }} ELSE "@e" END FROM (SELECT CASE WHEN "@l" ~ '[^-ɏ]' THEN TRANSLATE{{ part_3 }} ELSE "@l" END AS "@e" FROM (SELECT TRANSLATE("@value", ' etaoinshrdlcumwfgypbvkjxqz0123456789-'{{ part_4 }}, ' etaoinshrdlcumwfgypbvkjxqz0123456789-'{{ part_5 }}) AS "@l" OFFSET 0) AS "@given" OFFSET 0) AS "@given") END) FROM (SELECT TRIM('	{{ '\n' }}{{ '\r' }}                  　' FROM ({{ column }})) AS "@value" OFFSET 0) AS "@once") AS "@it" OFFSET 0) AS "@let") END
{%- else -%}{{ sanitizer.no_such_form('to_boolean', form, ['words']) }}
{%- endif -%}
{%- endmacro %}

{% macro snowflake__to_boolean(form, column) -%}
{%- if form == 'words' -%}CASE WHEN (LOWER(TRANSLATE(({{ column }}), 'İΣ', 'iσ')) IN ('true', 't', 'yes', 'y', 'on', '1')) THEN TRUE WHEN (LOWER(TRANSLATE(({{ column }}), 'İΣ', 'iσ')) IN ('false', 'f', 'no', 'n', 'off', '0')) THEN FALSE ELSE CASE WHEN (LOWER(TRANSLATE(TRIM(({{ column }}), '\t\n\x0b\f\r                  　'), 'İΣ', 'iσ')) IN ('true', 't', 'yes', 'y', 'on', '1')) THEN TRUE WHEN (LOWER(TRANSLATE(TRIM(({{ column }}), '\t\n\x0b\f\r                  　'), 'İΣ', 'iσ')) IN ('false', 'f', 'no', 'n', 'off', '0')) THEN FALSE END END
{%- else -%}{{ sanitizer.no_such_form('to_boolean', form, ['words']) }}
{%- endif -%}
{%- endmacro %}

{% macro bigquery__to_boolean(form, column) -%}
{%- if form == 'words' -%}CASE WHEN (LOWER(TRANSLATE(({{ column }}), 'İΣ', 'iσ')) IN ('true', 't', 'yes', 'y', 'on', '1')) THEN TRUE WHEN (LOWER(TRANSLATE(({{ column }}), 'İΣ', 'iσ')) IN ('false', 'f', 'no', 'n', 'off', '0')) THEN FALSE ELSE (SELECT CASE WHEN (`@it` IN ('true', 't', 'yes', 'y', 'on', '1')) THEN TRUE WHEN (`@it` IN ('false', 'f', 'no', 'n', 'off', '0')) THEN FALSE END FROM UNNEST([LOWER(TRANSLATE(TRIM(({{ column }}), '\t\n\v\f\r                  　'), 'İΣ', 'iσ'))]) AS `@it`) END
{%- else -%}{{ sanitizer.no_such_form('to_boolean', form, ['words']) }}
{%- endif -%}
{%- endmacro %}

{% macro redshift__to_boolean(form, column) -%}
{%- if form == 'words' -%}CASE WHEN (LOWER(TRANSLATE(({{ column }}), 'İΣ', 'iσ')) IN ('true', 't', 'yes', 'y', 'on', '1')) THEN TRUE WHEN (LOWER(TRANSLATE(({{ column }}), 'İΣ', 'iσ')) IN ('false', 'f', 'no', 'n', 'off', '0')) THEN FALSE ELSE CASE WHEN (LOWER(TRANSLATE(TRIM('\t\n\013\f\r                  　' FROM ({{ column }})), 'İΣ', 'iσ')) IN ('true', 't', 'yes', 'y', 'on', '1')) THEN TRUE WHEN (LOWER(TRANSLATE(TRIM('\t\n\013\f\r                  　' FROM ({{ column }})), 'İΣ', 'iσ')) IN ('false', 'f', 'no', 'n', 'off', '0')) THEN FALSE END END
{%- else -%}{{ sanitizer.no_such_form('to_boolean', form, ['words']) }}
{%- endif -%}
{%- endmacro %}

{% macro databricks__to_boolean(form, column) -%}
{%- set part_1 -%}((CASE WHEN REGEXP_LIKE(({{ column }}), '[ᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]') THEN ARRAY_JOIN(TRANSFORM(REGEXP_EXTRACT_ALL(({{ column }}), '(?s).', 0), c -> CASE WHEN REGEXP_LIKE(c, '[ᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]') THEN c ELSE LOWER(TRANSLATE(c, 'İΣ', 'iσ')) END), '') ELSE LOWER(TRANSLATE(({{ column }}), 'İΣ', 'iσ')) END)){%- endset -%}
{%- if form == 'words' -%}CASE WHEN (ARRAY_CONTAINS(SPLIT('true\nt\nyes\ny\non\n1', '\n'), {{ part_1 }})) THEN TRUE WHEN (ARRAY_CONTAINS(SPLIT('false\nf\nno\nn\noff\n0', '\n'), {{ part_1 }})) THEN FALSE ELSE TRANSFORM(ARRAY(((CASE WHEN REGEXP_LIKE(TRIM(BOTH '\t\n\013\014\r                  　' FROM ({{ column }})), '[ᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]') THEN ARRAY_JOIN(TRANSFORM(REGEXP_EXTRACT_ALL(TRIM(BOTH '\t\n\013\014\r                  　' FROM ({{ column }})), '(?s).', 0), c -> CASE WHEN REGEXP_LIKE(c, '[ᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]') THEN c ELSE LOWER(TRANSLATE(c, 'İΣ', 'iσ')) END), '') ELSE LOWER(TRANSLATE(TRIM(BOTH '\t\n\013\014\r                  　' FROM ({{ column }})), 'İΣ', 'iσ')) END))), `@it` -> CASE WHEN (ARRAY_CONTAINS(SPLIT('true\nt\nyes\ny\non\n1', '\n'), `@it`)) THEN TRUE WHEN (ARRAY_CONTAINS(SPLIT('false\nf\nno\nn\noff\n0', '\n'), `@it`)) THEN FALSE END)[0] END
{%- else -%}{{ sanitizer.no_such_form('to_boolean', form, ['words']) }}
{%- endif -%}
{%- endmacro %}

{% macro spark__to_boolean(form, column) -%}
{%- set part_1 -%}((CASE WHEN ({{ column }}) RLIKE '[ᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN ARRAY_JOIN(TRANSFORM(REGEXP_EXTRACT_ALL(({{ column }}), '(?s).', 0), c -> CASE WHEN c RLIKE '[ᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN c ELSE LOWER(TRANSLATE(c, 'İΣ', 'iσ')) END), '') ELSE LOWER(TRANSLATE(({{ column }}), 'İΣ', 'iσ')) END)){%- endset -%}
{%- if form == 'words' -%}CASE WHEN (ARRAY_CONTAINS(SPLIT('true\nt\nyes\ny\non\n1', '\n'), {{ part_1 }})) THEN TRUE WHEN (ARRAY_CONTAINS(SPLIT('false\nf\nno\nn\noff\n0', '\n'), {{ part_1 }})) THEN FALSE ELSE TRANSFORM(ARRAY(((CASE WHEN TRIM(BOTH '\t\n\013\014\r                  　' FROM ({{ column }})) RLIKE '[ᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN ARRAY_JOIN(TRANSFORM(REGEXP_EXTRACT_ALL(TRIM(BOTH '\t\n\013\014\r                  　' FROM ({{ column }})), '(?s).', 0), c -> CASE WHEN c RLIKE '[ᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN c ELSE LOWER(TRANSLATE(c, 'İΣ', 'iσ')) END), '') ELSE LOWER(TRANSLATE(TRIM(BOTH '\t\n\013\014\r                  　' FROM ({{ column }})), 'İΣ', 'iσ')) END))), `@it` -> CASE WHEN (ARRAY_CONTAINS(SPLIT('true\nt\nyes\ny\non\n1', '\n'), `@it`)) THEN TRUE WHEN (ARRAY_CONTAINS(SPLIT('false\nf\nno\nn\noff\n0', '\n'), `@it`)) THEN FALSE END)[0] END
{%- else -%}{{ sanitizer.no_such_form('to_boolean', form, ['words']) }}
{%- endif -%}
{%- endmacro %}

{% macro trino__to_boolean(form, column) -%}
{%- if form == 'words' -%}CASE WHEN (LOWER(({{ column }})) IN ('true', 't', 'yes', 'y', 'on', '1')) THEN TRUE WHEN (LOWER(({{ column }})) IN ('false', 'f', 'no', 'n', 'off', '0')) THEN FALSE ELSE ELEMENT_AT(TRANSFORM(ARRAY[LOWER(TRIM(BOTH '	{{ '\n' }}{{ '\r' }}                  　' FROM ({{ column }})))], "@it" -> CASE WHEN ("@it" IN ('true', 't', 'yes', 'y', 'on', '1')) THEN TRUE WHEN ("@it" IN ('false', 'f', 'no', 'n', 'off', '0')) THEN FALSE END), 1) END
{%- else -%}{{ sanitizer.no_such_form('to_boolean', form, ['words']) }}
{%- endif -%}
{%- endmacro %}

{% macro default__to_boolean(form, column) -%}{{ sanitizer.no_such_adapter('to_boolean') }}{%- endmacro %}
