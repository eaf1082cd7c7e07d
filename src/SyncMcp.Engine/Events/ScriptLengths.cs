using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;

namespace SyncMcp.Engine.Events;

/// <summary>
/// Bounds the built-in functions whose result is many times longer than what they are given: the memory limit is asked between steps, and a single call
/// of one of these takes gigabytes before the next step.
/// </summary>
internal static class ScriptLengths
{
    private const int MostCharacters = 4 << 20;

    // A name of a property takes so many times the room of the character that it stands for.
    private const int KeyWeight = 16;

    // How many elements are looked at between two looks at the limits.
    private const int Stride = 1024;

    /// <summary>Puts the bounds on an engine's functions.</summary>
    public static void Bound(Jint.Engine engine)
    {
        Bound(engine, "String.prototype", "repeat", (that, arguments) => Length(that) * Number(arguments));
        Bound(engine, "String.prototype", "padStart", (_, arguments) => Number(arguments));
        Bound(engine, "String.prototype", "padEnd", (_, arguments) => Number(arguments));
        Bound(engine, "String.prototype", "concat", (that, arguments) => Length(that) + arguments.Sum(Length));
        Bound(engine, "String", "raw", (_, arguments) => Elements(engine, arguments is [ObjectInstance parts, ..] ? parts.Get("raw") : JsValue.Undefined, 0) + arguments.Sum(Length));
        foreach (var array in (string[])["Array.prototype", "Object.getPrototypeOf(Int8Array.prototype)"])
            Bound(engine, array, "join", (that, arguments) => Elements(engine, that, arguments is [var between, ..] ? Length(between) : 1));
        foreach (var keys in (string[])["keys", "values", "entries", "getOwnPropertyNames", "getOwnPropertyDescriptors"])
            Bound(engine, "Object", keys, (_, arguments) => arguments is [var text, ..] ? Length(text) * KeyWeight : 0);
    }

    private static void Bound(Jint.Engine engine, string holder, string name, Func<JsValue, JsValue[], double> length)
    {
        var owner = engine.Evaluate(holder).AsObject();
        var original = owner.Get(name);
        var refuse = engine.Evaluate("() => { throw new RangeError('Invalid string length') }");
        var bounded = new ClrFunction(engine, name, (that, arguments) =>
        {
            engine.Constraints.Check();
            return length(that, arguments) > MostCharacters ? engine.Call(refuse, JsValue.Undefined, []) : engine.Call(original, that, arguments);
        });
        owner.DefineOwnProperty(name, new PropertyDescriptor(bounded, writable: true, enumerable: false, configurable: true));
    }

    // Of a text, also of one in a box, its length; of an array how many elements it has, since each is a character at least: its own join is bounded too.
    private static double Length(JsValue value) =>
        value is JsString text ? text.Length : value is ObjectInstance thing && thing.GetOwnProperty("length").Value is JsNumber own ? TypeConverter.ToNumber(own) : 0;

    private static double Number(JsValue[] arguments) => arguments is [var given, ..] ? given.IsObject() ? double.PositiveInfinity : TypeConverter.ToNumber(given) : 0;

    // As far as it is needed to know that it is too long.
    private static double Elements(Jint.Engine engine, JsValue list, double between)
    {
        if (list is not ObjectInstance parts || parts.Get("length") is not JsNumber number)
            return 0;
        var count = TypeConverter.ToLength(number);
        var total = between * Math.Max(0, (double)count - 1);
        for (var at = 0UL; at < count && total <= MostCharacters; at++)
        {
            if (at % Stride == 0)
                engine.Constraints.Check();
            total += Length(parts.Get(at));
        }

        return total;
    }
}
