using Mono.Cecil;
using Xunit;

namespace Jobwatch.Architecture.Tests;

/// <summary>The one way through the node: producer, Recording, Journal, Live, Watching. References point back along it.</summary>
public sealed class NodeLayeringTests
{
    private const string Root = "Jobwatch.StreamService.";

    // What each room may name. Hosting puts the rooms together and may name all; nobody may name it.
    private static readonly Dictionary<string, string[]> MayName = new()
    {
        ["Settings"] = [],
        ["Journal"] = ["Settings"],
        ["Errors"] = ["Journal"],
        ["Tenancy"] = ["Settings", "Errors"],
        ["Cursors"] = ["Journal", "Errors"],
        ["Filters"] = ["Journal", "Errors"],
        ["Hints"] = ["Settings", "Journal"],
        ["Live"] = ["Settings", "Hints", "Journal", "Cursors"],
        ["Recording"] = ["Journal", "Cursors", "Errors", "Tenancy"],
        ["Watching"] = ["Settings", "Live", "Journal", "Cursors", "Filters", "Errors", "Tenancy"],
        ["Catalog"] = ["Journal", "Cursors", "Filters", "Errors", "Tenancy"],
        ["Retention"] = ["Settings", "Journal"],
        ["Hosting"] = ["Settings", "Journal", "Errors", "Tenancy", "Cursors", "Filters", "Hints", "Live", "Recording", "Watching", "Catalog", "Retention"],
    };

    [Fact]
    public void A_room_names_only_the_rooms_that_it_may() =>
        Findings.None(
            from type in Types()
            let room = RoomOf(type)
            from named in References.Of(type).Select(RoomOf).OfType<string>().Distinct()
            where named != room && !MayName.GetValueOrDefault(room!, []).Contains(named)
            select $"{type.FullName} names {named}");

    [Fact]
    public void Every_room_has_its_place() =>
        Assert.Equal(MayName.Keys.Order(), Types().Select(RoomOf).Distinct().Order());

    [Theory]
    [InlineData("Journal", "Marten", "Npgsql", "Weasel", "JasperFx", "DistributedLock", "System.Data")]
    [InlineData("Hints", "StackExchange.Redis")]
    [InlineData("Errors", "Grpc.Core.StatusCode", "Grpc.Core.Status", "Google.Rpc")]
    [InlineData("Hosting", "Microsoft.AspNetCore.Server.Kestrel", "OpenTelemetry", "Grpc.Reflection", "Grpc.AspNetCore.HealthChecks")]
    public void Only_one_room_knows(string room, params string[] known) =>
        Findings.None(
            from type in Types()
            where RoomOf(type) != room
            from named in References.Of(type)
            where known.Any(name => named.FullName == name || named.FullName.StartsWith(name + ".", StringComparison.Ordinal))
            select $"{type.FullName} names {named.FullName}");

    [Fact]
    public void Only_one_room_makes_errors_of_calls() =>
        Findings.None(
            from type in Types()
            where RoomOf(type) != "Errors"
            from method in type.Methods
            where method.HasBody
            from instruction in method.Body.Instructions
            where instruction.Operand is MethodReference { Name: ".ctor", DeclaringType.FullName: "Grpc.Core.RpcException" }
            select $"{type.FullName}.{method.Name} makes an RpcException");

    private static IEnumerable<TypeDefinition> Types() => Assemblies.WrittenTypes(Assemblies.Node).Where(type => RoomOf(type) is not null);

    private static string? RoomOf(TypeReference type) =>
        Outermost(type).Namespace is { } name && name.StartsWith(Root, StringComparison.Ordinal) ? name[Root.Length..].Split('.')[0] : null;

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
