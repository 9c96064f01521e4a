using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Jobwatch.SseEdge.Transcoding;

/// <summary>
/// The response body as the transcoder sees it: what it writes of an error is kept back, so that a problem can be answered
/// instead; all else passes. Writers of the pipe, the streams, are not touched.
/// </summary>
internal sealed class HeldErrorBody(HttpResponse response, IHttpResponseBodyFeature inner) : IHttpResponseBodyFeature, IDisposable
{
    private MemoryStream? _held;
    private ErrorFilter? _filter;

    public Stream Stream => _filter ??= new ErrorFilter(this);

    public PipeWriter Writer => inner.Writer;

    /// <summary>What the transcoder wrote of an error; empty if it wrote none.</summary>
    public ReadOnlySpan<byte> Held => _held is null ? [] : _held.GetBuffer().AsSpan(0, (int)_held.Length);

    public void Dispose() => _held?.Dispose();

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    public Task CompleteAsync() => inner.CompleteAsync();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken) =>
        inner.SendFileAsync(path, offset, count, cancellationToken);

    private Stream Target() =>
        !response.HasStarted && response.StatusCode >= StatusCodes.Status400BadRequest ? _held ??= new MemoryStream() : inner.Stream;

    private sealed class ErrorFilter(HeldErrorBody body) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            body.Target().WriteAsync(buffer, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            body.Target().WriteAsync(buffer, offset, count, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => body.Target().FlushAsync(cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => body.Target().Write(buffer, offset, count);

        public override void Flush() => body.Target().Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
