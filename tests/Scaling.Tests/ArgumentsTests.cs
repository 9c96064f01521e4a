using Jobwatch.Bench.Scaling;

namespace Jobwatch.Scaling.Tests;

public sealed class ArgumentsTests
{
    [Theory]
    [InlineData("--watchers", "many", "--watchers is 'many'; it has to be a number above 0.")]
    [InlineData("--watchers", "0", "--watchers is '0'; it has to be a number above 0.")]
    [InlineData("--wachters", "5", "There is no --wachters.")]
    public void A_wrong_argument_is_named(string name, string value, string message)
    {
        var wrong = Assert.Throws<FormatException>(() =>
        {
            var arguments = new Arguments([name, value]);
            arguments.Number("watchers", 1);
            arguments.Done();
        });

        Assert.Equal(message, wrong.Message);
    }
}
