using System.Net;
using System.Text.Json;

namespace Jobwatch.SseEdge.Tests;

/// <summary>An answer that has to be a problem, with what every problem has.</summary>
internal sealed record ProblemAnswer(string Code, string Detail, JsonElement Json)
{
    public static async Task<ProblemAnswer> OfAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == status, $"{response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        return Of(text, status);
    }

    public static ProblemAnswer Of(string json, HttpStatusCode status)
    {
        var root = JsonDocument.Parse(json).RootElement;
        Assert.Equal("about:blank", root.GetProperty("type").GetString());
        Assert.Equal((int)status, root.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(root.GetProperty("title").GetString()));
        return new ProblemAnswer(root.GetProperty("code").GetString()!, root.GetProperty("detail").GetString()!, root);
    }

    /// <summary>What is wrong with a field.</summary>
    public string ErrorOf(string field) => Json.GetProperty("errors").GetProperty(field)[0].GetString()!;
}
