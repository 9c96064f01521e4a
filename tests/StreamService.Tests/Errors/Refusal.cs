using Google.Rpc;
using Grpc.Core;
using Xunit;

namespace Jobwatch.StreamService.Tests.Errors;

/// <summary>An error as a caller got it, taken apart.</summary>
public sealed record Refusal(
    StatusCode Code,
    string Reason,
    string Message,
    IReadOnlyList<(string Reason, string Field, string Description)> Fields,
    IReadOnlyDictionary<string, string> Metadata,
    TimeSpan? RetryAfter)
{
    /// <summary>What a call that has to be refused was refused with.</summary>
    public static async Task<Refusal> OfAsync<T>(AsyncUnaryCall<T> call) =>
        From(await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync));

    /// <summary>An error of the API: has a Status whose ErrorInfo is of the API's domain.</summary>
    public static Refusal From(RpcException error)
    {
        var status = error.GetRpcStatus();
        Assert.NotNull(status);
        var info = status.GetDetail<ErrorInfo>();
        Assert.NotNull(info);
        Assert.Equal("jobwatch", info.Domain);
        Assert.Equal(error.Status.Detail, status.Message);
        Assert.Equal((int)error.StatusCode, status.Code);
        return new Refusal(
            error.StatusCode,
            info.Reason,
            status.Message,
            [.. (status.GetDetail<BadRequest>()?.FieldViolations ?? []).Select(field => (field.Reason, field.Field, field.Description))],
            info.Metadata,
            status.GetDetail<RetryInfo>()?.RetryDelay.ToTimeSpan());
    }

    /// <summary>Checks an INVALID_ARGUMENT for one field; the message has to have all of the words.</summary>
    public void IsOf(string reason, string field, params string[] words)
    {
        Assert.Equal(StatusCode.InvalidArgument, Code);
        Assert.Equal(reason, Reason);
        var violation = Assert.Single(Fields);
        Assert.Equal((reason, field), (violation.Reason, violation.Field));
        Assert.All(words, word => Assert.Contains(word, violation.Description, StringComparison.Ordinal));
    }
}
