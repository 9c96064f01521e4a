using Jobwatch.StreamService.Errors;
using Xunit;

namespace Jobwatch.StreamService.Tests.Errors;

public sealed class IdentifiersTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("ledger-eu")]
    [InlineData("A.b_c-9")]
    [InlineData("0197c3a4-b7d2-7e5c-9a1b-2c3d4e5f6071")]
    [InlineData("a123456789b123456789c123456789d123456789e123456789f123456789g12")]
    public void Takes_what_fits_the_pattern(string id) => Assert.True(Identifiers.IsValid(id));

    [Theory]
    [InlineData("")]
    [InlineData(".a")]
    [InlineData("_a")]
    [InlineData("a/b")]
    [InlineData("a\n")]
    [InlineData("á")]
    [InlineData("٣")]
    [InlineData("a123456789b123456789c123456789d123456789e123456789f123456789g123")]
    public void Refuses_what_does_not(string id) => Assert.False(Identifiers.IsValid(id));

    [Fact]
    public void Shows_a_hostile_id_short_and_printable()
    {
        var violation = Identifiers.Violation(string.Concat(Enumerable.Repeat("\u001b[31m\ud800", 1000)), "job_id");

        Assert.True(violation.Description.Length < 250, violation.Description);
        Assert.DoesNotContain(violation.Description, character => char.IsControl(character) || char.IsSurrogate(character));
    }
}
