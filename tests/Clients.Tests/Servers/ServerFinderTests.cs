using Jobwatch.Cli.Errors;
using Jobwatch.Cli.Servers;

namespace Jobwatch.Clients.Tests.Servers;

public sealed class ServerFinderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("finder-").FullName;
    private readonly Dictionary<string, string> _environment = [];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Without_anything_it_is_the_default_address_without_a_token()
    {
        var found = Find();
        Assert.Equal(new Uri("http://127.0.0.1:8081"), found.Grpc);
        Assert.Null(found.Token);
    }

    [Fact]
    public void A_local_servers_file_is_found_upwards_before_the_one_at_home()
    {
        Write("home", "http://127.0.0.1:1", "at home");
        Assert.Equal("at home", Find("work/deep/deeper").Token);

        Write("work", "http://127.0.0.1:2", "at work");
        var found = Find("work/deep/deeper");
        Assert.Equal(new Uri("http://127.0.0.1:2"), found.Grpc);
        Assert.Equal("at work", found.Token);
    }

    [Fact]
    public void The_option_goes_before_the_environment_and_that_before_the_file()
    {
        Write("work", "http://127.0.0.1:2", "at work");
        _environment["JOBWATCH_SERVER"] = "http://127.0.0.1:3";
        Assert.Equal(new Uri("http://127.0.0.1:3"), Find("work").Grpc);
        Assert.Equal(new Uri("http://127.0.0.1:4"), Find("work", "http://127.0.0.1:4").Grpc);
    }

    [Fact]
    public void A_token_of_the_environment_goes_before_the_files()
    {
        Write("work", "http://127.0.0.1:2", "at work");
        _environment["JOBWATCH_TOKEN"] = "mine";
        Assert.Equal("mine", Find("work").Token);
    }

    [Fact]
    public void A_local_servers_token_goes_to_no_other_server()
    {
        Write("work", "http://127.0.0.1:2", "at work");
        Assert.Null(Find("work", "http://127.0.0.1:3").Token);
        Assert.Equal("at work", Find("work", "http://127.0.0.1:2").Token);
    }

    [Fact]
    public void Several_nodes_are_named_with_semicolons_and_get_no_local_servers_token()
    {
        Write("work", "http://127.0.0.1:2", "at work");
        var found = Find("work", "http://127.0.0.1:2; http://127.0.0.1:3");
        Assert.Equal(new Uri("http://127.0.0.1:2"), found.Grpc);
        Assert.Equal([new Uri("http://127.0.0.1:3")], found.Others);
        Assert.Equal("http://127.0.0.1:2;http://127.0.0.1:3", found.Text);
        Assert.Null(found.Token);
    }

    [Theory]
    [InlineData("http://127.0.0.1:2;https://127.0.0.1:3")]
    [InlineData("nonsense")]
    [InlineData("ftp://x")]
    public void An_address_that_is_none_is_said(string address)
    {
        var error = Assert.Throws<CliException>(() => Find("", address));
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains("--server", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("null")]
    public void A_broken_file_is_named(string content)
    {
        Directory.CreateDirectory(Path.Combine(_root, "work", ".jobwatch"));
        File.WriteAllText(Path.Combine(_root, "work", ".jobwatch", "server.json"), content);
        Assert.Contains("server.json", Assert.Throws<CliException>(() => Find("work")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\nb", "more than one line")]
    [InlineData("a\u0007b", "U+0007")]
    [InlineData("tökén", "U+00F6")]
    public void A_token_that_no_header_takes_is_said_with_its_variable_or_file(string token, string what)
    {
        Write("work", "http://127.0.0.1:2", token);
        var file = Assert.Throws<CliException>(() => Find("work"));
        Assert.Contains(Path.Combine(_root, "work", ".jobwatch", "token"), file.Message, StringComparison.Ordinal);
        _environment["JOBWATCH_TOKEN"] = token;
        var variable = Assert.Throws<CliException>(() => Find());
        Assert.Contains("JOBWATCH_TOKEN", variable.Message, StringComparison.Ordinal);

        Assert.All([file, variable], error => Assert.Equal(ExitCode.NotAllowed, error.ExitCode));
        Assert.All([file, variable], error => Assert.Contains(what, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ftp://127.0.0.1:2")]
    [InlineData("/tmp/socket")]
    public void A_files_address_that_no_client_takes_is_said(string address)
    {
        Write("work", address, "t");
        Assert.Contains("server.json names no grpcAddress", Assert.Throws<CliException>(() => Find("work")).Message, StringComparison.Ordinal);
    }

    private ServerAddress Find(string folder = "", string? option = null)
    {
        var current = Directory.CreateDirectory(Path.Combine(_root, folder)).FullName;
        return new ServerFinder(_environment.GetValueOrDefault, current, Path.Combine(_root, "home")).Find(option);
    }

    private void Write(string folder, string address, string token)
    {
        var own = Directory.CreateDirectory(Path.Combine(_root, folder, ".jobwatch")).FullName;
        File.WriteAllText(Path.Combine(own, "token"), token + "\n");
        File.WriteAllText(
            Path.Combine(own, "server.json"),
            $$"""{"httpAddress":"http://127.0.0.1:9","grpcAddress":"{{address}}","tokenFile":"{{own}}/token","pid":1}""");
    }
}
