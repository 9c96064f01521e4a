using Mono.Cecil;
using Mono.Cecil.Cil;
using Xunit;

namespace Jobwatch.Architecture.Tests;

/// <summary>How types are written.</summary>
public sealed class ShapeTests
{
    private static readonly string[] EmptyEndings = ["Manager", "Helper", "Util", "Utils"];

    [Fact]
    public void Programs_have_no_public_types() =>
        Findings.None(
            from module in new[] { Assemblies.Node, Assemblies.Edge, Assemblies.DevServer, Assemblies.Cli }
            from type in Assemblies.WrittenTypes(module)
            where type.IsPublic
            select type.FullName);

    [Fact]
    public void A_class_is_sealed_unless_it_is_abstract() =>
        Findings.None(
            from module in Assemblies.Written
            from type in Assemblies.WrittenTypes(module)
            where type.IsClass && !type.IsSealed && !type.IsAbstract
            select type.FullName);

    [Fact]
    public void An_interface_has_more_than_one_implementation() =>
        Findings.None(
            from module in Assemblies.Written
            from type in Assemblies.WrittenTypes(module)
            where type.IsInterface
            where Assemblies.WrittenTypes(module).Count(other => other.Interfaces.Any(implemented => implemented.InterfaceType.Name == type.Name)) < 2
            select type.FullName);

    [Fact]
    public void No_name_says_nothing() =>
        Findings.None(
            from module in Assemblies.Written
            from type in Assemblies.WrittenTypes(module)
            from name in type.FullName.Split('.', '/', '`')
            where name is "Services" or "Models" or "Interfaces" or "Helpers" or "Utils"
                || EmptyEndings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal))
            select type.FullName);

    [Fact]
    public void A_method_has_at_most_60_lines() =>
        Findings.None(
            from module in Assemblies.Written
            from type in module.GetTypes()
            from method in type.Methods
            let lines = Lines(method)
            where lines > 60
            select $"{method.FullName} has {lines} lines");

    [Fact]
    public void Each_log_message_of_a_program_has_an_id_of_its_own() =>
        Findings.None(
            from module in Assemblies.Written
            from id in module.GetTypes().SelectMany(type => type.Methods).SelectMany(LogIds)
            group id by (module.Name, id) into same
            where same.Count() > 1
            select $"{same.Key.Name}: {same.Key.id}");

    // From the first statement to the last, as the symbols have it; generated code is not of this repository's files.
    private static int Lines(MethodDefinition method)
    {
        var points = method.DebugInformation.SequencePoints
            .Where(point => !point.IsHidden && !IsGenerated(point.Document)).ToList();
        return points.Count == 0 ? 0 : points.Max(point => point.EndLine) - points.Min(point => point.StartLine) + 1;
    }

    private static bool IsGenerated(Document document) =>
        document.Url.EndsWith(".g.cs", StringComparison.Ordinal) || document.Url.Contains("/obj/", StringComparison.Ordinal);

    private static IEnumerable<int> LogIds(MethodDefinition method)
    {
        foreach (var attribute in method.CustomAttributes.Where(attribute => attribute.AttributeType.Name == "LoggerMessageAttribute"))
        {
            var named = attribute.Properties.Where(property => property.Name == "EventId").Select(property => property.Argument.Value);
            var first = attribute.ConstructorArguments.Where(argument => argument.Type.FullName == "System.Int32").Select(argument => argument.Value);
            yield return named.Concat(first).OfType<int>().FirstOrDefault();
        }
    }
}
