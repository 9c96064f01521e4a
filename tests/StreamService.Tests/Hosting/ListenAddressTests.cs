using Jobwatch.StreamService.Hosting;
using Xunit;

namespace Jobwatch.StreamService.Tests.Hosting;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8081", "127.0.0.1", 8081)]
    [InlineData("http://127.0.0.1:8081/", "127.0.0.1", 8081)]
    [InlineData("http://localhost:1", "localhost", 1)]
    [InlineData("http://[::1]:0", "[::1]", 0)]
    [InlineData("http://*:80", "*", 80)]
    [InlineData("http://+:80", "*", 80)]
    [InlineData("http://0.0.0.0:65535", "0.0.0.0", 65535)]
    public void Takes_an_address_of_this_machine(string url, string host, int port) =>
        Assert.Equal(new ListenAddress(host, port), ListenAddress.TryParse(url));

    [Theory]
    [InlineData("")]
    [InlineData("8081")]
    [InlineData("127.0.0.1:8081")]
    [InlineData("https://127.0.0.1:8081")]
    [InlineData("http://example.com:8081")]
    [InlineData("http://127.0.0.1:8081/path")]
    [InlineData("http://127.0.0.1:65536")]
    [InlineData("http://unix:/tmp/socket")]
    public void Refuses_anything_else(string url) => Assert.Null(ListenAddress.TryParse(url));
}
