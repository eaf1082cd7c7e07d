using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace SyncMcp.Transports;

/// <summary>
/// One message a line over a pair of streams. The SDK's own transport drops what it cannot read, takes lines of any length and forgets running
/// calls at the end of input; this one answers each of these.
/// </summary>
internal sealed class StdioTransport : TransportBase
{
    /// <summary>Longest line that is read.</summary>
    public const int MaxLine = 4 * 1024 * 1024;

    private const long MaxUnsent = 8 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly JsonTypeInfo<JsonRpcMessage> Message = (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    // Half of an answer is JSON inside text: the SDK's escapes make six bytes of every quote.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Stream input;
    private readonly Stream output;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim sending = new(1, 1);
    private readonly CancellationTokenSource stopReading = new();
    private readonly CancellationTokenSource ending = new();
    private readonly OpenRequests open = new();
    private readonly Backlog backlog = new(MaxUnsent);
    private readonly Task reading;
    private bool begun;

    public StdioTransport(Stream input, Stream output, TimeProvider time)
        : base("stdio", loggerFactory: null)
    {
        (this.input, this.output, this.time) = (input, output, time);
        SetConnected();
        reading = Task.Run(ReadAsync);
    }

    /// <summary>Fires when calls that still run must end: input has ended, and they had their grace.</summary>
    public CancellationToken Ending => ending.Token;

    /// <summary>Answers questions for revisions that come before anything else.</summary>
    public Func<JsonRpcRequest, Task>? Discover { get; set; }

    /// <summary>Completes when nothing more will be read or answered.</summary>
    public Task Completion => reading;

    /// <summary>Stops reading and ends as at the end of input: running calls get a short grace, then are cancelled and answered.</summary>
    public void Stop() => stopReading.Cancel();

    /// <inheritdoc/>
    public override async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        if (!IsConnected)
            return;
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(bytes, Relaxed))
            JsonSerializer.Serialize(writer, message, Message);
        bytes.Write("\n"u8);

        backlog.Add(bytes.WrittenCount);
        await sending.WaitAsync(CancellationToken.None);
        try
        {
            // Never given up half-way: a cut line would break the protocol for every message after it.
            await output.WriteAsync(bytes.WrittenMemory, CancellationToken.None);
            await output.FlushAsync(CancellationToken.None);
        }
        catch (Exception ex) when (ex is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Stop(); // nobody reads us any more
        }
        finally
        {
            sending.Release();
            backlog.Remove(bytes.WrittenCount);
            if (message is JsonRpcResponse or JsonRpcError)
                open.Closed(((JsonRpcMessageWithId)message).Id);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await stopReading.CancelAsync();
        await reading;
        await input.DisposeAsync();
        await output.DisposeAsync();
    }

    private async Task ReadAsync()
    {
        var lines = new LineReader(input, MaxLine);
        try
        {
            // WaitAsync: a read from a console cannot be cancelled, only left behind.
            while (await lines.ReadAsync(stopReading.Token).AsTask().WaitAsync(stopReading.Token) is { } line)
            {
                await TakeSafelyAsync(line);
                await backlog.RoomAsync(stopReading.Token);
            }
        }
        catch (Exception ex) when (ex is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The end of input by another name.
        }

        await EndAsync();
    }

    // Nodes read their text late and throw wherever they are first touched. No line may end the reading of the next.
    private async ValueTask TakeSafelyAsync(Line line)
    {
        try
        {
            await TakeAsync(line);
        }
        catch (Exception ex) when (ex is ArgumentException or FormatException or JsonException or (InvalidOperationException and not ObjectDisposedException))
        {
            await SendMessageAsync(BadFrame.Unreadable(line.Text.Span));
        }
    }

    private async ValueTask TakeAsync(Line line)
    {
        if (line.TooLong)
        {
            await SendMessageAsync(BadFrame.TooLong(line, MaxLine));
            return;
        }

        var text = line.Text.Span;
        if (text.StartsWith("\uFEFF"u8))
            text = text[3..];
        text = text.Trim(" \t\r"u8);
        if (text.IsEmpty)
            return;

        var refusal = text[0] == '[' ? BadFrame.Batch() : null;
        JsonRpcMessage? message = null;
        if (refusal is null)
        {
            try
            {
                message = JsonSerializer.Deserialize(text, Message);
                refusal = message is null ? BadFrame.Unreadable(text) : null; // the JSON word null reads as no message at all
            }
            catch (Exception ex) when (ex is JsonException or FormatException or InvalidOperationException or NotSupportedException)
            {
                refusal = BadFrame.Unreadable(text);
            }
        }

        if (refusal is not null)
        {
            await SendMessageAsync(refusal);
            return;
        }

        if (message is JsonRpcRequest request)
        {
            if (!await open.RoomAsync(Patience, time, stopReading.Token))
            {
                await SendMessageAsync(BadFrame.Crowded(request.Id, OpenRequests.Most));
                return;
            }

            open.Opened(request.Id, stands: request.Method == RequestMethods.SubscriptionsListen);
            begun |= request.Method != RequestMethods.ServerDiscover;
            if (!begun && Discover is { } discover)
            {
                _ = discover(request);
                return;
            }
        }
        else if (message is JsonRpcNotification { Method: NotificationMethods.CancelledNotification, Params: JsonObject cancelled })
        {
            open.Closed(OpenRequests.IdOf(cancelled));
        }

        await WriteMessageAsync(message!);
    }

    private async Task EndAsync()
    {
        await open.EmptyAsync(Grace, time, standingToo: false);
        await ending.CancelAsync();
        await open.EmptyAsync(Grace / 2, time, standingToo: true);
        SetDisconnected();
    }
}
