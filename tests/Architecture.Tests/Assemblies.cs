using Mono.Cecil;

namespace Jobwatch.Architecture.Tests;

/// <summary>The programs as they were compiled.</summary>
internal static class Assemblies
{
    public static ModuleDefinition Node { get; } = Read("Jobwatch.StreamService");

    public static ModuleDefinition Edge { get; } = Read("Jobwatch.SseEdge");

    public static ModuleDefinition Client { get; } = Read("Jobwatch.Client");

    public static ModuleDefinition Cli { get; } = Read("jobwatch");

    public static ModuleDefinition DevServer { get; } = Read("Jobwatch.DevServer");

    public static ModuleDefinition Protocol { get; } = Read("Jobwatch.Protocol");

    /// <summary>Those that were written and not generated.</summary>
    public static IReadOnlyList<ModuleDefinition> Written { get; } = [Node, Edge, Client, Cli, DevServer];

    /// <summary>The types that somebody wrote: nothing that the compiler or a generator made.</summary>
    public static IEnumerable<TypeDefinition> WrittenTypes(ModuleDefinition module) => module.GetTypes().Where(IsWritten);

    private static bool IsWritten(TypeDefinition type) =>
        type.FullName.StartsWith("Jobwatch.", StringComparison.Ordinal)
        && !type.FullName.Contains('<', StringComparison.Ordinal)
        && !IsGenerated(type);

    private static bool IsGenerated(TypeDefinition type) =>
        type.CustomAttributes.Any(attribute => attribute.AttributeType.Name is "GeneratedCodeAttribute" or "CompilerGeneratedAttribute")
        || (type.DeclaringType is { } outer && IsGenerated(outer));

    private static ModuleDefinition Read(string name)
    {
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));
        return ModuleDefinition.ReadModule(
            Path.Combine(AppContext.BaseDirectory, $"{name}.dll"),
            new ReaderParameters { AssemblyResolver = resolver, ReadSymbols = true });
    }
}
