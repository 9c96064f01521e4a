using System.Net.Http.Headers;
using System.Text;
using Jobwatch.Testing;

namespace Jobwatch.EndToEnd.Tests.Isolation;

/// <summary>Every route of the edge that takes a job, a cursor or a page token.</summary>
internal static class HttpQuestions
{
    private const string Append =
        """{"events":[{"executionId":"e1","eventId":"{event}","logWritten":{"text":"mine"}}]{more}}""";

    private static readonly string[] NotFound =
    [
        "v1/jobs/{job}",
        "v1/jobs/{job}/executions",
        "v1/jobs/{job}/executions?page_size=1&page_token={page}",
        "v1/jobs/{job}/executions/e1",
        "v1/jobs/{job}/events",
        "v1/jobs/{job}:watch",
        "v1/jobs/{job}:watch?start.beginning=true",
        "v1/jobs/{job}:watch?until_execution_ends=true",
        "v1/jobs/{job}/executions/e1:replay",
        "api/v1/realtime/reconciliations/{job}",
    ];

    private static readonly string[] Foreign =
    [
        "v1/jobs/{job}/events?page_token={cursor}",
        "v1/jobs/{job}:watch?start.cursor={cursor}",
        "v1/jobs/{job}:watch?last_event_id={cursor}&allow_missing=true",
        "v1/jobs/" + IsolationTests.Own + ":watch?last_event_id={cursor}",
        "v1/jobs/{job}/executions/e1:replay?cursor={cursor}",
        "api/v1/realtime/reconciliations/{job}?last_event_id={cursor}",
    ];

    private static readonly string[] Watching =
    [
        "v1/jobs/{job}:watch",
        "v1/jobs/" + IsolationTests.Own + ":watch",
        "v1/jobs/{job}/executions/e1:replay",
        "api/v1/realtime/reconciliations/{job}",
    ];

    public static IReadOnlyList<Question> Of(Callers callers)
    {
        return
        [
            .. NotFound.Select(route => Get(route, "JOB_NOT_FOUND")),
            .. NotFound.Where(route => route.Contains(":watch", StringComparison.Ordinal))
                .Select(route => Get(route, "JOB_NOT_FOUND", events: true)),
            .. Foreign.Select(route => Get(route, "CURSOR_OF_ANOTHER_JOB")),
            .. Watching.Select(route => Get(route, "CURSOR_OF_ANOTHER_JOB", events: true, resumes: true)),
            Get("v1/jobs:watch?start.cursor={cursor}", "CURSOR_UNKNOWN"),
            Get("v1/jobs:watch?start.cursor={many}", "CURSOR_OF_ANOTHER_JOB"),
            Get("v1/jobs:watch?job_ids={job}&last_event_id={many}", "CURSOR_OF_ANOTHER_JOB", events: true),
            Delete("v1/jobs/{job}", "JOB_NOT_FOUND"),
            Post("", "EXECUTION_NOT_STARTED"),
            Post(",\"expectedPosition\":3", "POSITION_MISMATCH"),
        ];

        Question Get(string route, string reason, bool events = false, bool resumes = false) =>
            new($"GET {route}", reason, job => AnswerAsync(callers.Edge, () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, Fill(route, job));
                if (events)
                    request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
                if (resumes)
                    request.Headers.Add("Last-Event-ID", job.Cursor);
                return request;
            }));

        Question Delete(string route, string reason) =>
            new($"DELETE {route}", reason, job => AnswerAsync(callers.Edge, () => new HttpRequestMessage(HttpMethod.Delete, Fill(route, job))));

        Question Post(string expected, string reason) =>
            new("POST v1/jobs/{job}/events" + expected, reason, job => AnswerAsync(callers.Edge, () =>
                new HttpRequestMessage(HttpMethod.Post, Fill("v1/jobs/{job}/events", job))
                {
                    Content = new StringContent(
                        Fill(Append, job).Replace("{more}", expected, StringComparison.Ordinal), Encoding.UTF8, "application/json"),
                }));
    }

    private static string Fill(string form, Target job) => form
        .Replace("{job}", job.JobId, StringComparison.Ordinal)
        .Replace("{cursor}", job.Cursor, StringComparison.Ordinal)
        .Replace("{many}", job.CursorOfMany, StringComparison.Ordinal)
        .Replace("{page}", job.PageToken, StringComparison.Ordinal)
        .Replace("{event}", job.EventId, StringComparison.Ordinal);

    private static async Task<string> AnswerAsync(HttpClient edge, Func<HttpRequestMessage> request)
    {
        using var asked = request();
        using var answer = await edge.SendAsync(asked, HttpCompletionOption.ResponseHeadersRead);
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Date")
            .Select(header => $"{header.Key}: {string.Join(',', header.Value)}");
        return $"{(int)answer.StatusCode}\n{string.Join('\n', headers)}\n{await answer.Content.ReadAsStringAsync()}";
    }
}
