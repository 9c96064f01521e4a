using System.Net;
using System.Text.Json;
using Google.Api;
using Google.Protobuf.Reflection;
using Jobwatch.SseEdge.OpenApi;
using Jobwatch.V1;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Jobwatch.SseEdge.Tests;

public sealed class ApiDescription
{
    private static readonly byte[] Json = ApiDocument.Build();

    [Fact]
    public void A_validator_finds_nothing_wrong()
    {
        using var text = new MemoryStream(Json);

        var read = OpenApiDocument.Load(text, "json", new OpenApiReaderSettings { RuleSet = ValidationRuleSet.GetDefaultRuleSet() });

        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
    }

    [Fact]
    public void Every_http_rule_of_the_protos_is_in_it_with_all_of_its_parameters()
    {
        using var document = JsonDocument.Parse(Json);
        var paths = document.RootElement.GetProperty("paths");

        foreach (var (method, path, verb) in Rules())
        {
            var operation = paths.GetProperty(path).GetProperty(verb);
            var named = operation.GetProperty("parameters").EnumerateArray().Select(one => one.GetProperty("name").GetString()!.Split('.')[0]).ToHashSet();
            foreach (var field in method.InputType.Fields.InDeclarationOrder().Where(_ => verb == "get"))
                Assert.Contains(field.Name, named);
            Assert.Contains("job_id", named.Append(path.Contains("{job_id}", StringComparison.Ordinal) ? "" : "job_id"));
            Assert.StartsWith(method.Name, operation.GetProperty("operationId").GetString(), StringComparison.Ordinal);
            Assert.False(string.IsNullOrEmpty(operation.GetProperty("description").GetString()), "the proto's comment");
        }

        Assert.Equal(11, Rules().Count());
    }

    [Fact]
    public void Operation_ids_differ_and_references_lead_somewhere()
    {
        using var document = JsonDocument.Parse(Json);
        var ids = Named(document.RootElement, "operationId").ToList();
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");

        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(Named(document.RootElement, "$ref"), reference => Assert.True(schemas.TryGetProperty(reference.Split('/')[^1], out _), reference));
    }

    [Fact]
    public async Task It_is_served()
    {
        await using var edge = await RunningEdge.StartAsync("http://127.0.0.1:1");

        using var answer = await edge.GetAsync("/openapi/v1.json");

        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
        Assert.Equal(Json, await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    private static IEnumerable<(MethodDescriptor Method, string Path, string Verb)> Rules() =>
        from file in new[] { RecordServiceReflection.Descriptor, WatchServiceReflection.Descriptor, CatalogServiceReflection.Descriptor }
        from method in file.Services.SelectMany(service => service.Methods)
        let rule = method.GetOptions()?.GetExtension(AnnotationsExtensions.Http)
        where rule is not null
        from one in rule.AdditionalBindings.Prepend(rule)
        select one.Get.Length > 0 ? (method, one.Get, "get")
            : one.Delete.Length > 0 ? (method, one.Delete, "delete")
            : (method, one.Post, "post");

    private static IEnumerable<string> Named(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(one =>
            one.NameEquals(name) && one.Value.ValueKind == JsonValueKind.String ? [one.Value.GetString()!] : Named(one.Value, name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(one => Named(one, name)),
        _ => [],
    };
}
