using Inforzap.Contacts;
using Inforzap.Contracts.Contacts;
using Inforzap.Sdk;
using Inforzap.Tickets;
using Counter = Inforzap.Tests.Tickets.Counter;

namespace Inforzap.Tests.Contacts;

/// <summary>
/// One person, whichever way a provider writes their number, and two people where two numbers only look alike. Both numbers of
/// each row write; the database says how many people, and how many tickets, came of it.
/// </summary>
public sealed class NinthDigitTests(Counter counter) : IClassFixture<Counter>
{
    /// <summary>What it is, one spelling, another one, whether they are the same person.</summary>
    private static readonly (string What, string One, string Other, bool Same)[] Corpus =
    [
        // Mobiles from before the ninth digit, area by area: those up to 28 got it first, from 31 on providers write them either way.
        ("São Paulo", "5511987654321", "551187654321", true),
        ("Santos", "5513981112222", "551381112222", true),
        ("Campinas", "5519971234567", "551971234567", true),
        ("Rio de Janeiro", "5521999998888", "552199998888", true),
        ("Campos", "5522988887777", "552288887777", true),
        ("Volta Redonda", "5524976543210", "552476543210", true),
        ("Vitória", "5527998765432", "552798765432", true),
        ("Cachoeiro", "5528961234567", "552861234567", true),
        ("Belo Horizonte", "5531987650001", "553187650001", true),
        ("Juiz de Fora", "5532991234567", "553291234567", true),
        ("Uberlândia", "5534969876543", "553469876543", true),
        ("Curitiba", "5541999887766", "554199887766", true),
        ("Londrina", "5543984455667", "554384455667", true),
        ("Florianópolis", "5548991122334", "554891122334", true),
        ("Porto Alegre", "5551981234000", "555181234000", true),
        ("Pelotas", "5553984001122", "555384001122", true),
        ("Brasília", "5561981119999", "556181119999", true),
        ("Goiânia", "5562985556666", "556285556666", true),
        ("Cuiabá", "5565996661234", "556596661234", true),
        ("Salvador", "5571988112233", "557188112233", true),
        ("Aracaju", "5579991002003", "557991002003", true),
        ("Recife", "5581997778899", "558197778899", true),
        ("Fortaleza", "5585988001100", "558588001100", true),
        ("Belém", "5591981230987", "559181230987", true),
        ("Manaus", "5592991239876", "559291239876", true),
        ("São Luís", "5598987001234", "559887001234", true),
        // A ninth digit before 1 to 5 was never a mobile of eight: without it the number is somebody's landline.
        ("Newer mobile and landline, São Paulo", "5511923456789", "551123456789", false),
        ("Newer mobile and landline, Rio", "5521912345678", "552112345678", false),
        ("Newer mobile and landline, Curitiba", "5541933334444", "554133334444", false),
        ("Newer mobile and landline, Brasília", "5561944445555", "556144445555", false),
        ("Newer mobile and landline, Recife", "5581955556666", "558155556666", false),
        // Landlines and mobiles that differ by more than the nine.
        ("Two landlines", "551132654321", "551142654321", false),
        ("Same number, other area", "5511987651111", "5521987651111", false),
        ("Same number, other area, without nine", "551187652222", "552187652222", false),
        ("Another digit put in front", "5511987653333", "5511887653333", false),
        // Service numbers have no area and never get a nine.
        ("0800", "558001234567", "5580091234567", false),
        ("0800, other owner", "558007654321", "558007654322", false),
        ("0300", "553001234567", "5530091234567", false),
        // Elsewhere a nine is a digit like any other.
        ("Argentina", "5491187654321", "541187654321", false),
        ("Portugal", "351912345678", "35112345678", false),
        ("Chile", "56987654321", "5687654321", false),
        ("Mexico", "5219987654321", "529987654321", false),
        ("United States", "12025550187", "129025550187", false),
        ("Germany", "4915112345678", "491511234567", false),
    ];

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, Corpus.Length)];

    [Fact]
    public void The_corpus_is_large_enough() => Assert.True(Corpus.Length >= 40);

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task The_same_person_is_one_contact_and_two_people_are_two(int row)
    {
        var (what, one, other, same) = Corpus[row];
        await counter.HappenAsync(counter.Says(one, "primeiro"), counter.Says(other, "segundo"));
        await counter.HappenAsync(counter.Says(one, "terceiro"));
        var people = await counter.ReadAsync(db => db.Set<ContactAddressView>().Where(a => a.Kind == AddressKind.Phone && (a.Value == one || a.Value == other)).Select(a => a.ContactId).Distinct().ToListAsync());
        Assert.True(people.Count == (same ? 1 : 2), $"{what}: {people.Count} contacts");
        var tickets = await counter.ReadAsync(db => db.Set<Ticket>().Where(t => people.Contains(t.ContactId)).OrderByDescending(t => t.LastSeq).Select(t => t.LastSeq).ToListAsync());
        Assert.Equal(same ? [3L] : [2L, 1L], tickets);
    }

    [Theory]
    [InlineData("(11) 98765-4321", "5511987654321")]
    [InlineData("011 98765-4321", "5511987654321")]
    [InlineData("11 3265-4321", "551132654321")]
    [InlineData("+55 31 8765-0001", "553187650001")]
    [InlineData("0800 123 4567", "558001234567")]
    [InlineData("+351 912 345 678", "351912345678")]
    [InlineData("00351912345678", "351912345678")]
    [InlineData("98765-4321", null)]
    [InlineData("4004-1234", null)]
    [InlineData("190", null)]
    public void What_a_person_types_is_read_without_guessing_a_nine(string typed, string? digits) => Assert.Equal(digits, Phone.Normalise(typed, "55"));

    [Theory]
    [InlineData("5511987654321", "+55 11 98765-4321")]
    [InlineData("551132654321", "+55 11 3265-4321")]
    [InlineData("558001234567", "+558001234567")]
    [InlineData("351912345678", "+351912345678")]
    public void It_is_shown_as_people_write_it(string digits, string shown) => Assert.Equal(shown, Phone.Format(digits));
}
