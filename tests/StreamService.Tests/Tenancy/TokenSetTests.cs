using Jobwatch.StreamService.Tenancy;
using Xunit;

namespace Jobwatch.StreamService.Tests.Tenancy;

public sealed class TokenSetTests
{
    [Fact]
    public void Reads_a_tenant_and_token_a_line_and_skips_comments()
    {
        var tokens = TokenSet.Parse("# who may call\n\nacme  t1\r\n\tother\tt2\nacme t3 \n", "tokens");

        Assert.Equal(3, tokens.Count);
        Assert.Equal(("acme", "other", "acme"), (tokens.Find("t1")?.Name, tokens.Find("t2")?.Name, tokens.Find("t3")?.Name));
        Assert.Null(tokens.Find("T1"));
        Assert.Null(tokens.Find(""));
    }

    [Theory]
    [InlineData("acme t1\n\nacme secret more\n", "/etc/tokens, line 3 has 3 words")]
    [InlineData("acme\n", "/etc/tokens, line 1 has 1 words")]
    [InlineData("# c\na/b secret\n", "/etc/tokens, line 2: the tenant: 'a/b' has '/' at index 1")]
    [InlineData("acme secret\nother secret\n", "/etc/tokens, line 2 gives 'other' a token that tenant 'acme' has")]
    public void Names_the_line_that_it_can_not_use_and_shows_no_token(string text, string fault)
    {
        var error = Assert.Throws<InvalidDataException>(() => TokenSet.Parse(text, "/etc/tokens"));

        Assert.StartsWith(fault, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }
}
