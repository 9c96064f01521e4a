using Google.Api;
using Google.Protobuf.Reflection;
using Jobwatch.SseEdge.Transcoding;
using Jobwatch.V1;
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
    public void Every_query_parameter_is_named()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs/http.md"));
        FileDescriptor[] files =
            [RecordServiceReflection.Descriptor, WatchServiceReflection.Descriptor, CatalogServiceReflection.Descriptor];
        var parameters = from file in files
                         from service in file.Services
                         from method in service.Methods
                         let rule = method.GetOptions()?.GetExtension(AnnotationsExtensions.Http)
                         where rule is not null
                         from parameter in RouteFields.InQuery(method.InputType, rule)
                         select parameter.Name;

        Findings.None(parameters.Append(QueryForm.LastEventId).Distinct()
            .Where(name => !text.Contains($"\n| `{name}` ", StringComparison.Ordinal)));
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
