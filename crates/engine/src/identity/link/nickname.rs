//! Given names that stand for each other: short forms, and the same name in other languages.
//!
//! A name may belong to two families ("alex"), so a name has up to four group numbers.

use super::text::hash;

/// One family of names a line; the table is read once, when a lexicon is made.
const FAMILIES: &str = "\
aaron ron ronnie erin
abigail abby abbie gail
abraham abe abram bram
adam ad
adelaide adele addie ada adela heidi
adrian adriano ade
agnes aggie inez ines nessie
albert al bert bertie alberto
alejandro alexander alex al sandy alec alexandre aleksandr alessandro xander lex sasha alasdair alistair alastair aliaksandr
alexandra alex sandra sandy alexa lexi sasha alessandra alejandra cassandra
alfred al fred alf alfie alfredo freddie
alice alicia ali elsie allie
allison alison ali allie
amanda mandy manda
amelia millie amy emily mel
andrew andy drew andre andreas andres anders andrei andrea
andrea andie drea
angela angie angelica angelina
ann anne anna annie nan nancy hannah ana anita nina annette
annabelle annabel anabella annabella anabelle bella belle
anthony tony antonio ant anton antoine
antonia toni tonia
archibald archie
arthur art artie arturo
august augustus gus augustine
augusta gussie gusta
barbara barb babs barbie bobbie
barnaby barney barnabas
bartholomew bart
beatrice bea trixie beatriz bee
benjamin ben benny benji
bernard bernie barney bernardo
bernice bernie bunny
bertha bertie birdie
bethany beth
beverly bev
bradley brad
brandon brandy
brenda brandy
brian bryan bryant
bridget biddy bridie brigid birgit
caleb cal
calvin cal
cameron cam
caroline carolina carrie carol carolyn lynn caro carolin
cassandra cassie sandra sandy cass
catherine kate cathy kathy katherine kathryn katie cath kit kitty katharine catharine catalina ekaterina karen katrina kathleen kath kay katrin
cecilia cecily celia cis sissy
charles charlie chuck carlos carl karl chas charley
charlotte lottie charlie carlotta lotte
christina chris tina christine christy kristina kristine kris kristin kristen chrissie christiane
christopher chris kit topher cristobal kristopher christoph christian
clarence clare clarrie
clement clem
clifford cliff
clinton clint
constance connie
cornelius con neil corny
curtis curt kurt
cynthia cindy
daniel dan danny daniil
danielle dani daniella daniela
david dave davy davey davie
deborah deb debbie debra debbi
delores dolores lola dee
dennis denny den denis
derek rick derrick
diana diane di diann dianna didi
dominic dom nick dominique domingo
donald don donnie donny
dorothy dot dottie dolly dorothea dora thea
douglas doug
duncan dunc
dwight ike
earnest ernest ernie ernesto
edmund ed eddie ned ted edmond
edward ed eddie ned ted teddy eduardo edouard eddy
edwin ed eddie win
eleanor ellie nell nora elinor lenora leonor eleanora elena ellen nellie
elijah eli
elizabeth liz beth betty eliza lizzie betsy lisa elsie elisabeth libby bess bessie liza isabel isabella elise lisbeth elspeth lily lizbeth elisa
ellen helen nell nellie ellie elena
emily em emma millie emilia
emma em emmie
eric erik rick ricky
ernestine tina erna
esther essie hester hetty
ethel effie
eugene gene eugenio
evan ewan owen
eve eva evie evelyn
ezekiel zeke
ezra ez
florence flo flora florrie flossie
frances fran fanny francesca frankie francie
francis frank fran frankie francisco frans franz franklin francois
frederick fred freddie fritz rick federico freddy friedrich fredrick
gabriel gabe
gabriella gabrielle gabby
geoffrey geoff jeff jeffrey jeffery jeffry
george georgie jorge georg georges jordi
georgina georgia georgie georgiana gina
gerald gerry jerry geraldo gerard
geraldine gerry jerry dina
gertrude gertie trudy
gilbert gil bert
gordon gord
grace gracie
gregory greg gregor gregg
gwendolyn gwen wendy
hannah anna nan
harold harry hal hank
harriet hattie harry hetty
hector heck
helen helena nell nellie lena ellen elena
henrietta hettie etta henny hetty
henry harry hank hal enrique heinrich henri
herbert herb bert bertie
hilary hil
horace horry
howard howie
hubert bert hugh
hugh hughie hugo huw
ian iain john
ignatius iggy nacho ignacio
irene rena irena
isaac ike zac
isabel isabella bella izzy belle isobel isabelle ysabel
isidore izzy
ivan john
jacob jake jack jacobo yakov jakob
jacqueline jackie jacqui jaclyn
james jim jimmy jamie jem jaime diego santiago jimmie
jane janie jenny jean joan janet jana
janet jan jenny jeanette
janice jan
jason jay
jasmine jaz jazz
jean jeanne jeannie
jennifer jen jenny jenn jenna
jeremiah jerry jeremy
jeremy jerry jem
jerome jerry
jessica jess jessie
joan joanna jo joanie joann joanne johanna giovanna juana
john johnny jack jon juan johan jonny ivan giovanni jean ian sean johann johannes hans
jonathan jon john nathan johnathan jonny
joseph joe joey jose pepe josef giuseppe
josephine jo josie fina
joshua josh
joyce joy
juanita nita
judith judy judi
julia julie jules juliet giulia
julian jules julio julius giulio
karen kari
kathleen kathy kate kay katie kath
kelly kel kelley
kenneth ken kenny
kevin kev
kimberly kim kimberley
kristin kris kristen
laura laurie lori lora laurel
lauren laurie
laurence larry lawrence lorenzo laurie lars lorne
leah lea lee leigh
leonard leo len lenny leonardo leon
leroy roy lee
leslie les lesley
lewis lou louis lew luis ludwig louie luigi
lillian lily lilian lil lilly
linda lindy lynn lin
lionel leo
lorraine lori raine
louise lou lulu luisa louisa
lucas luke lukas luca
lucille lucy lucia lucie cille
luther lu
lydia liddy
mabel mae amabel
madeline maddie madelyn madeleine lena magdalena
magdalena maggie lena magda
malcolm mal
marcus mark marc marcos marco markus
margaret maggie peggy meg marge margie rita greta daisy may margarita margarete margot madge marguerite peg peggie
marian marion
marilyn mary
marjorie marge margie
martha marty mattie patty
martin marty marten
marvin marv
mary maria marie polly molly mae mamie may miriam mitzi maryann mia maureen
matilda tilly tillie mattie
matthew matt matty mateo matias mathew matthias matteo
maurice morris moe maury mauricio morrie morrey
maxwell max maximilian maximillian
megan meg
melanie mel
melissa mel missy lissa
melvin mel
michael mike mick mickey miguel mikhail michel mitch mitchell micky mikey mischa
michelle shelly chelle michele
mildred millie
minnie wilhelmina
miranda randy mandy
mohammed muhammad mohamed mohammad muhammed mhd ahmed mo mohamad mehmet
monica monique
mortimer mort
moses moe moshe
myron ron
nancy nan
natalie nat natalia talia nataly
nathaniel nat nathan nate
neil neal niall nigel
nicholas nick nicky nicolas nicola klaus nico claus nikolai
nicole nicky nikki nicola nichole
nora norah honora
norman norm
oliver ollie
olivia liv livvy ollie
oscar ozzie
oswald ozzie
pamela pam pammie
patricia pat patty trish tricia patti patsy
patrick pat paddy patricio rick
paul pablo pauly pavel paolo
paula polly paulina pauline
penelope penny nell
percival percy
peter pete pedro pierre piotr pietro pyotr
philip phil phillip felipe pip
phoebe pheobe
phyllis phyl
priscilla cilla prissy
rachel rae shelly rachael raquel
ralph rafe ralf
randolph randy rand randall dolph
raphael rafe rafael rafa
raymond ray raimundo ramon
rebecca becky becca bec rebekah
reginald reg reggie rex
regina gina reggie
reuben rube ruben
rhonda ron
richard rick dick rich ricky ricardo richie rik
robert bob rob bobby robbie roberto bert robin robby rupert
roberta bobbie robbie bert
roderick rod roddy rory
rodney rod
roger rodger rog
roland rollo rolly rowland orlando
ronald ron ronnie ronny
rosemary rosie rose rosemarie
rose rosa rosie rosalie rosalind roz
ruben reuben
rudolph rudy dolph rodolfo
russell russ rusty
ruth ruthie
samantha sam sammie
samuel sam sammy
sandra sandy
sarah sally sara sadie sal zara sahra
sebastian seb bastian
seymour cy
sharon shari
sheila shelagh
shirley shirl
sidney sid sydney
silvester sylvester vester sly
simon si simeon
solomon sol solly
sophia sophie sofia
stanley stan
stephanie steph stefanie stephania
stephen steve steven esteban stefan steph stevie stephan etienne
stuart stu stewart
susan sue susie suzanne susanna suzy susannah sukey suzie susanne
sylvia sylvie silvia
tabitha tabby
tamara tammy tam
terence terry terrance terrence
theodore ted theo teddy teodoro fyodor
theresa terry tess tessa teresa tracy therese resa terri
thomas tom tommy tomas thom
timothy tim timmy
tobias toby
ulysses uly
ursula ursa
valentine val
valerie val
vanessa nessa
vera veronica
veronica ronnie roni vera
victor vic viktor
victoria vicky tori vickie vicki
vincent vince vin vinny vicente vincenzo
violet vi viola
virginia ginny ginger
vivian viv vivien vivienne
walter wally walt wat
wayne way
wilfred will fred wilf
wilhelmina minnie mina billie willa
william will bill billy liam willie guillermo wilhelm guillaume willy willis bil
winifred winnie freda
winston win
yvonne vonnie
zachary zach zack zachariah zak zac
zoe zoey
jacquelyn jackie
juan johnny
lucy luz
marc mark
mckenzie kenzie mackenzie
sean shawn shaun shane
sheryl cheryl sherry sherri cheri
stacey stacy anastasia
steve stevie
traci tracy tracey
yolanda yoli
";

/// Which families a given name belongs to; numbers begin at 1.
#[derive(Debug)]
pub(super) struct Nicknames(Vec<(u64, u16)>); // Invariant: sorted by hash, then family.

impl Nicknames {
    pub(super) fn read() -> Self {
        let mut names = Vec::new();
        for (line, family) in (1_u16..).zip(FAMILIES.lines()) {
            names.extend(family.split(' ').map(|name| (hash(name.as_bytes()), line)));
        }
        names.sort_unstable();
        names.dedup();
        Self(names)
    }

    /// The families of a name, by the hash of its folded text; 0 where there is none.
    pub(super) fn of(&self, name: u64) -> [u16; 4] {
        let from = self.0.partition_point(|(hash, _)| *hash < name);
        let mut families = [0; 4];
        for (place, (_, family)) in
            families.iter_mut().zip(self.0[from..].iter().take_while(|(hash, _)| *hash == name))
        {
            *place = *family;
        }
        families
    }
}
