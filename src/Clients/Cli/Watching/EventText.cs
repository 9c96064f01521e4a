using Google.Protobuf;
using Jobwatch.Cli.Terminal;
using Jobwatch.Client;
using Jobwatch.V1;

namespace Jobwatch.Cli.Watching;

/// <summary>What an event says, in words.</summary>
internal sealed class EventText(Palette palette)
{
    internal string Of(ExecutionEvent happened) => happened.PayloadCase switch
    {
        ExecutionEvent.PayloadOneofCase.ExecutionQueued => "queued",
        ExecutionEvent.PayloadOneofCase.ExecutionStarted =>
            palette.Blue("started") + Safe($" on {happened.ExecutionStarted.Worker}{Words.Labels(happened.ExecutionStarted.Labels)}"),
        ExecutionEvent.PayloadOneofCase.StepStarted => Safe($"▶ {happened.StepStarted.Step}"),
        ExecutionEvent.PayloadOneofCase.StepFinished => Of(happened.StepFinished),
        ExecutionEvent.PayloadOneofCase.ProgressReported => Safe($"… {Words.Of(happened.ProgressReported)}"),
        ExecutionEvent.PayloadOneofCase.LogWritten => Of(happened.LogWritten),
        ExecutionEvent.PayloadOneofCase.ErrorRaised => palette.Red(Safe($"✗ {happened.ErrorRaised.Code} {happened.ErrorRaised.Message}"))
            + Detail(happened.ErrorRaised.Detail),
        ExecutionEvent.PayloadOneofCase.SummaryUpdated => "summary " + Json(happened.SummaryUpdated.Summary),
        ExecutionEvent.PayloadOneofCase.Custom => Safe(happened.Custom.Name) + " " + Json(happened.Custom.Data),
        ExecutionEvent.PayloadOneofCase.ExecutionSucceeded => palette.Green("succeeded"),
        ExecutionEvent.PayloadOneofCase.ExecutionFailed =>
            palette.Red(Safe($"failed: {Words.Of(happened.ExecutionFailed.Error)}")) + Detail(happened.ExecutionFailed.Error?.Detail),
        ExecutionEvent.PayloadOneofCase.ExecutionCancelled => palette.Yellow(Safe($"cancelled: {happened.ExecutionCancelled.Reason}")),
        _ => happened.Type,
    };

    private string Of(StepFinished step) => step.Error is null
        ? palette.Green("✓ ") + Safe(step.Step)
        : palette.Red(Safe($"✗ {step.Step}: {Words.Of(step.Error)}")) + Detail(step.Error.Detail);

    private string Of(LogWritten log) => log.Level switch
    {
        LogLevel.Trace or LogLevel.Debug => palette.Dim(Safe(log.Text)),
        LogLevel.Warn => palette.Yellow("WARN ") + Safe(log.Text),
        LogLevel.Error => palette.Red("ERROR ") + Safe(log.Text),
        LogLevel.Fatal => palette.Red("FATAL ") + Safe(log.Text),
        _ => Safe(log.Text),
    };

    private string Detail(string? detail) => string.IsNullOrEmpty(detail)
        ? ""
        : string.Concat(detail.Split('\n').Select(line => "\n    " + palette.Dim(Safe(line))));

    private string Json(IMessage? structure) => structure is null ? "{}" : Safe(ProtoJson.ToText(structure));

    private string Safe(string text) => SafeText.Of(text, palette.On);
}
