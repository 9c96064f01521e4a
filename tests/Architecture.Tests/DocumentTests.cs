using Xunit;

namespace Jobwatch.Architecture.Tests;

/// <summary>The documents tell all that there is.</summary>
public sealed class DocumentTests
{
    [Fact]
    public void Every_reason_of_an_error_is_explained()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs/errors.md"));

        Findings.None(
            Assemblies.Node.GetType("Jobwatch.StreamService.Errors.Reasons").Fields
                .Select(field => (string)field.Constant)
                .Where(reason => !text.Contains($"| `{reason}` |", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_setting_is_described()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs/configuration.md"));
        var node = from type in Assemblies.WrittenTypes(Assemblies.Node)
                   from section in type.Fields.Where(field => field is { HasConstant: true, Name: "Section" })
                   from property in type.Properties
                   select $"{section.Constant}__{property.Name}";
        var edge = from type in Assemblies.WrittenTypes(Assemblies.Edge)
                   where type.Name is "EdgeOptions" or "StreamingOptions"
                   from property in type.Properties
                   select $"Edge__{property.Name}";

        // That one comes from where connection strings come from.
        Findings.None(node.Concat(edge)
            .Where(setting => setting != "Journal__ConnectionString" && !text.Contains($"| `{setting}` |", StringComparison.Ordinal)));
    }
}
