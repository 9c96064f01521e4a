using System.Net;
using System.Text.RegularExpressions;
using Jobwatch.Testing;

namespace Jobwatch.SseEdge.Tests;

public sealed partial class FirstPage
{
    [Fact]
    public async Task The_page_and_all_that_it_names_are_served_under_a_policy_that_allows_nothing_else()
    {
        await using var edge = await RunningEdge.StartAsync("http://127.0.0.1:1");
        var waiting = new Queue<string>(["/"]);
        var served = new Dictionary<string, string?>();

        while (waiting.TryDequeue(out var path))
        {
            using var answer = await edge.GetAsync(path);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, path);
            Assert.Contains("script-src 'self';", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
            served[path] = answer.Content.Headers.ContentType?.MediaType;
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            foreach (var named in Named().Matches(text).Select(match => "/" + match.Groups[1].Value))
            {
                if (!served.ContainsKey(named) && !waiting.Contains(named))
                    waiting.Enqueue(named);
            }
        }

        Assert.Equal(("text/html", "text/css", "text/javascript"), (served["/"], served["/style.css"], served["/main.js"]));
        Assert.Equal(Files().Order(), served.Keys.Select(path => path == "/" ? "index.html" : path[1..]).Order());
    }

    [Fact]
    public void Only_the_client_module_knows_the_api_and_nothing_makes_markup_of_text()
    {
        foreach (var file in Files().Where(file => file.EndsWith(".js", StringComparison.Ordinal)))
        {
            var text = File.ReadAllText(Path.Combine(Folder, file));
            Assert.True(file == "api.js" || !text.Contains("v1/", StringComparison.Ordinal), file);
            Assert.DoesNotMatch("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|eval\\(", text);
        }
    }

    private static string Folder => Path.Combine(RepositoryFiles.Root, "src/SseEdge/wwwroot");

    private static IEnumerable<string> Files() => Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file));

    [GeneratedRegex("""(?:src="|href="|from '\./)([a-z]+\.[a-z]+)["']""")]
    private static partial Regex Named();
}
