namespace SyncMcp.Commands;

/// <summary>A person at a terminal. Questions go to stderr, so that stdout holds nothing but the result.</summary>
/// <param name="input">Where the answers come from.</param>
/// <param name="output">Where the questions go.</param>
/// <param name="readUnseen">Reads a line that nobody sees; null where the input shows nothing anyway.</param>
/// <param name="size">How much is seen at once; null where nothing scrolls away.</param>
internal sealed class Terminal(TextReader input, TextWriter output, Func<string?>? readUnseen = null, Func<(int Columns, int Rows)>? size = null)
{
    private const int LeastRows = 5;

    /// <summary>The one that the program was started in; null where input or output is a pipe or a file.</summary>
    public static Terminal? Find() => Console.IsInputRedirected || Console.IsErrorRedirected ? null : new(Console.In, Console.Error, ReadUnseen, Size);

    /// <summary>How much the terminal behind a command's output shows at once; null where that is a pipe, a file or a text.</summary>
    public static Func<(int Columns, int Rows)>? Window(TextWriter output) => Console.IsOutputRedirected || output is StringWriter ? null : Size;

    /// <summary>Shows a line.</summary>
    public void Show(string text) => output.WriteLine(text);

    /// <summary>Shows a text whole, a screen at a time, so that nothing of it scrolls away unread; false where the person leaves before its end.</summary>
    public async Task<bool> ShowWholeAsync(string text, CancellationToken ct)
    {
        var lines = text.Split('\n');
        var (columns, rows) = size?.Invoke() ?? (int.MaxValue, int.MaxValue);
        var room = Math.Max(rows, LeastRows) - 2;
        var left = room;
        for (var at = 0; at < lines.Length; at++)
        {
            var height = 1 + (Math.Max(lines[at].Length, 1) - 1) / Math.Max(columns, 1);
            if (left < room && height > left)
            {
                if (await AskAsync($"-- {lines.Length - at} more lines: Enter shows them, q leaves --", ct) is null or "q" or "Q")
                    return false;
                left = room;
            }

            output.WriteLine(lines[at]);
            left -= height;
        }

        return true;
    }

    /// <summary>Asks yes or no; only a yes is one.</summary>
    public async Task<bool> SaysYesAsync(string question, CancellationToken ct) => await AskAsync($"{question} [y/N]", ct) is "y" or "Y" or "yes";

    /// <summary>Asks for a secret: what is typed is not shown. Kept as it is typed, blanks included.</summary>
    public async Task<string?> AskUnseenAsync(string question, CancellationToken ct)
    {
        await output.WriteAsync($"{question} ");
        await output.FlushAsync(ct);
        return await Task.Run(readUnseen ?? input.ReadLine, CancellationToken.None).WaitAsync(ct);
    }

    /// <summary>Asks for a line; null when the person ends the input.</summary>
    public async Task<string?> AskAsync(string question, CancellationToken ct)
    {
        await output.WriteAsync($"{question} ");
        await output.FlushAsync(ct);
        // Reading a terminal cannot be cancelled; the wait for it can.
        return (await Task.Run(input.ReadLine, CancellationToken.None).WaitAsync(ct))?.Trim();
    }

    private static (int Columns, int Rows) Size() => (Console.WindowWidth, Console.WindowHeight);

    private static string? ReadUnseen()
    {
        var typed = new System.Text.StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    Console.Error.WriteLine();
                    return typed.ToString();
                case ConsoleKey.Backspace:
                    typed.Length = Math.Max(0, typed.Length - 1);
                    break;
                default:
                    if (!char.IsControl(key.KeyChar))
                        typed.Append(key.KeyChar);
                    break;
            }
        }
    }
}
