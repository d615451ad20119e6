using Inforzap.Identity.Passwords;

namespace Inforzap.Tests.Identity;

public class PasswordRulesTests
{
    [Theory(DisplayName = "What guessers try first is refused")]
    [InlineData("12345678", "PasswordShort")]
    [InlineData("Senha@123", "PasswordShort")]
    [InlineData("Senha@123456", "PasswordCommon")]
    [InlineData("S3nh4@2026!!", "PasswordCommon")]
    [InlineData("senhasenha123", "PasswordCommon")]
    [InlineData("administrador1", "PasswordCommon")]
    [InlineData("flamengo2026!", "PasswordCommon")]
    [InlineData("qwertyuiop12", "PasswordCommon")]
    [InlineData("1q2w3e4r5t6y", "PasswordCommon")]
    [InlineData("123456789012", "PasswordCommon")]
    [InlineData("098765432109", "PasswordCommon")]
    [InlineData("brasil.brasil", "PasswordCommon")]
    [InlineData("liverpool2012", "PasswordCommon")]
    [InlineData("michaeljordan23", "PasswordCommon")]
    [InlineData("iloveyou12345", "PasswordCommon")]
    [InlineData("trustno1batman", "PasswordCommon")]
    [InlineData("starwars1977!", "PasswordCommon")]
    [InlineData("xk7dxk7dxk7d", "PasswordRepeats")]
    [InlineData("aaaaaaaaaaaaaa", "PasswordRepeats")]
    [InlineData("marinaduarte7", "PasswordPersonal")]
    [InlineData("Duarte!2026x", "PasswordPersonal")]
    [InlineData("aurora@2026.", "PasswordPersonal")]
    public void Refused(string password, string why) => Assert.Equal(why, Problem(password));

    [Theory(DisplayName = "A short phrase, or what a password manager makes, is good")]
    [InlineData("tijolo cometa varanda 71")]
    [InlineData("Segredo-dos-testes-1")]
    [InlineData("vN4!kq9Zt2#Lw")]
    [InlineData("7f-3k-9q-2m-x8")]
    [InlineData("o rato comeu meu crachá")]
    public void Good(string password) => Assert.Null(Problem(password));

    [Fact(DisplayName = "A password has an end, so that hashing costs no more than it must")]
    public void Long() => Assert.Equal("PasswordLong", Problem(string.Concat(Enumerable.Range(0, 201).Select(i => (char)('a' + (i * 7 % 26))))));

    private static string? Problem(string password) => PasswordRules.Problem(password, "Marina Duarte", "marina@aurora.com.br", "Padaria Aurora");
}
