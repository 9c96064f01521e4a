using Mono.Cecil;
using Xunit;

namespace Jobwatch.Architecture.Tests;

/// <summary>Who knows whom among the programs.</summary>
public sealed class ProgramLayeringTests
{
    [Fact]
    public void The_protocol_knows_nobody() => Findings.None(Jobwatch(Assemblies.Protocol));

    [Fact]
    public void The_node_knows_the_protocol_only() => Assert.Equal(["Jobwatch.Protocol"], Jobwatch(Assemblies.Node));

    [Fact]
    public void The_client_knows_the_protocol_only() => Assert.Equal(["Jobwatch.Protocol"], Jobwatch(Assemblies.Client));

    [Fact]
    public void The_edge_knows_the_node_only_through_the_client() =>
        Findings.None(Jobwatch(Assemblies.Edge).Except(["Jobwatch.Protocol", "Jobwatch.Client"]));

    [Fact]
    public void The_CLI_knows_the_servers_only_through_the_client() =>
        Findings.None(Jobwatch(Assemblies.Cli).Except(["Jobwatch.Protocol", "Jobwatch.Client"]));

    [Fact]
    public void The_development_server_starts_programs_and_links_none() => Findings.None(Jobwatch(Assemblies.DevServer));

    [Theory]
    [InlineData("Marten")]
    [InlineData("Npgsql")]
    public void The_edge_the_client_and_the_CLI_know_no_database(string database) =>
        Assert.DoesNotContain(
            new[] { Assemblies.Edge, Assemblies.Client, Assemblies.Cli }.SelectMany(References),
            reference => reference.StartsWith(database, StringComparison.Ordinal));

    [Fact]
    public void The_client_knows_no_web_server() =>
        Assert.DoesNotContain(References(Assemblies.Client), reference => reference.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    private static IEnumerable<string> Jobwatch(ModuleDefinition module) =>
        References(module).Where(name => name.StartsWith("Jobwatch", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> References(ModuleDefinition module) => module.AssemblyReferences.Select(reference => reference.Name);
}
