using System.Net;
using System.Text;
using Google.Protobuf;
using Jobwatch.V1;

namespace Jobwatch.Testing.Producing;

/// <summary>JSON posted to the edge.</summary>
internal sealed class HttpAppender(HttpClient edge, bool breaksExpected) : Appender(breaksExpected)
{
    public override async Task<AppendEventsResponse?> TryAsync(PlannedAppend append, CancellationToken cancel)
    {
        string json = JsonFormatter.Default.Format(new AppendEventsRequest { Events = { append.Events } });
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await edge.PostAsync(new Uri($"v1/jobs/{append.JobId}/events", UriKind.Relative), body, cancel);
        if (answer.StatusCode == HttpStatusCode.Conflict)
            return null;
        string text = await answer.Content.ReadAsStringAsync(cancel);
        return answer.IsSuccessStatusCode
            ? JsonParser.Default.Parse<AppendEventsResponse>(text)
            : throw new HttpRequestException(text, inner: null, answer.StatusCode);
    }
}
