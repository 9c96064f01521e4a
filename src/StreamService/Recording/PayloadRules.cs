using System.Buffers;
using Google.Protobuf;
using Jobwatch.StreamService.Errors;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Recording;

/// <summary>What a payload has to be.</summary>
internal static class PayloadRules
{
    private static readonly SearchValues<char> LabelKey =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/-");

    private static readonly string Levels = string.Join(", ", LogWritten.Descriptor.FindFieldByNumber(LogWritten.LevelFieldNumber)
        .EnumType.Values.Where(word => word.Number != 0).Select(word => $"{word.Name} ({word.Number})"));

    public static void Check(ExecutionEvent item, string path, Violations violations)
    {
        switch (item.PayloadCase)
        {
            case ExecutionEvent.PayloadOneofCase.None:
                violations.Add(
                    Reasons.PayloadMissing, $"{path}.payload",
                    "none is set that this server knows; set one, such as execution_started or log_written.");
                return;
            case ExecutionEvent.PayloadOneofCase.ExecutionStarted:
                CheckLabels(item.ExecutionStarted, $"{path}.execution_started.labels", violations);
                break;
            case ExecutionEvent.PayloadOneofCase.StepStarted:
                CheckStep(item.StepStarted.Step, $"{path}.step_started.step", violations);
                break;
            case ExecutionEvent.PayloadOneofCase.StepFinished:
                CheckStep(item.StepFinished.Step, $"{path}.step_finished.step", violations);
                break;
            case ExecutionEvent.PayloadOneofCase.ProgressReported:
                CheckCount(item.ProgressReported.Done, $"{path}.progress_reported.done", "0 or more units", violations);
                CheckCount(
                    item.ProgressReported.Total, $"{path}.progress_reported.total", "0 or more units, 0 where that isn't known", violations);
                break;
            case ExecutionEvent.PayloadOneofCase.LogWritten when !Enum.IsDefined(item.LogWritten.Level):
                violations.Add(
                    Reasons.InvalidField, $"{path}.log_written.level",
                    $"{(int)item.LogWritten.Level} is no log level; it is one of {Levels}, or 0 for none.");
                break;
            case ExecutionEvent.PayloadOneofCase.Custom when item.Custom.Name.Length == 0:
                violations.Add(
                    Reasons.InvalidField, $"{path}.custom.name", "it is empty; a custom event names its kind, by your own naming.");
                break;
        }

        if (HasFreeStructure(item) || HasZeroByte(item))
        {
            ContentRules.Check(item, path, violations);
        }
    }

    private static void CheckStep(string step, string path, Violations violations)
    {
        if (step.Length == 0)
        {
            violations.Add(Reasons.InvalidField, path, "it is empty; it has to be the step's name.");
        }
    }

    private static void CheckCount(long count, string path, string has, Violations violations)
    {
        if (count < 0)
        {
            violations.Add(Reasons.InvalidField, path, $"it is {count}; it has to be {has}.");
        }
    }

    private static void CheckLabels(ExecutionStarted started, string path, Violations violations)
    {
        if (started.Labels.Count > AppendLimits.Labels)
        {
            violations.Add(
                Reasons.InvalidField, path, $"it has {started.Labels.Count} labels; an execution has at most {AppendLimits.Labels}.");
        }

        foreach (var (key, value) in started.Labels)
        {
            if (!IsLabelKey(key))
            {
                violations.Add(
                    Reasons.InvalidField, $"{path}[{Shown.Text(key)}]",
                    "the key has to be 1 to 63 characters of A-Z a-z 0-9 . _ / - of which the first is a letter or digit.");
            }

            if (value.Length > AppendLimits.LabelValue)
            {
                violations.Add(
                    Reasons.InvalidField, $"{path}[{Shown.Text(key)}]",
                    $"the value has {value.Length} characters; it may have {AppendLimits.LabelValue}.");
            }
        }
    }

    private static bool IsLabelKey(string key) =>
        key.Length is > 0 and <= 63 && char.IsAsciiLetterOrDigit(key[0]) && !key.AsSpan().ContainsAnyExcept(LabelKey);

    private static bool HasFreeStructure(ExecutionEvent item) => item.PayloadCase
        is ExecutionEvent.PayloadOneofCase.SummaryUpdated
        or ExecutionEvent.PayloadOneofCase.ExecutionSucceeded
        or ExecutionEvent.PayloadOneofCase.Custom;

    // A NUL character is a zero byte on the wire. Most events have no zero byte at all, and looking for one costs a
    // fraction of asking each field by its descriptor.
    private static bool HasZeroByte(ExecutionEvent item)
    {
        var size = item.CalculateSize();
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var bytes = buffer.AsSpan(0, size);
            item.WriteTo(bytes);
            return bytes.Contains((byte)0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
