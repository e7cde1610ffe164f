using System.Text.Json;

namespace Graft.Imaging;

public sealed partial record Preprocess
{
    /// <summary>
    /// The evaluation transform that timm builds from a <c>pretrained_cfg</c>: resize to floor(size / crop_pct), then a centre
    /// crop;
    /// crop modes center, squash and border. <c>test_input_size</c> and <c>test_crop_pct</c> are not used, as by timm's default.
    /// </summary>
    /// <exception cref="InvalidDataException">A value makes no sense.</exception>
    /// <exception cref="NotSupportedException">An input of other than 1 or 3 channels, an unknown crop mode or
    /// interpolation.</exception>
    public static Preprocess FromTimm(JsonElement pretrainedCfg)
    {
        if (pretrainedCfg.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException("pretrained_cfg: expected an object, found " + Kind(pretrainedCfg));
        int height = 224, width = 224, channels = 3;
        if (pretrainedCfg.TryGetProperty("input_size", out JsonElement size) && size.ValueKind == JsonValueKind.Array)
        {
            if (size.GetArrayLength() != 3 || !size[0].TryGetInt32(out channels))
                throw new InvalidDataException(
                    $"pretrained_cfg: input_size: expected [3, height, width], found {size.GetRawText()}");
            if (channels is not (1 or 3))
                throw new NotSupportedException($"pretrained_cfg: an input of {channels} channels; images have 3, or 1 if grey");
            height = Side(size[1], "input_size");
            width = Side(size[2], "input_size");
        }
        double fraction = Number(pretrainedCfg, "crop_pct", 0.875);
        string interpolation = Text(pretrainedCfg, "interpolation", "bicubic");
        string mode = Text(pretrainedCfg, "crop_mode", "center");
        IReadOnlyList<float> mean = ChannelValues(pretrainedCfg, "mean", ImageNetMean);
        Preprocess result = new()
        {
            Height = height,
            Width = width,
            ResizeHeight = Divided(height, fraction),
            ResizeWidth = Divided(width, fraction),
            Interpolation = interpolation switch
            {
                "nearest" => Interpolation.Nearest,
                "bilinear" or "random" => Interpolation.Bilinear,
                "bicubic" => Interpolation.Bicubic,
                "box" => Interpolation.Box,
                "hamming" => Interpolation.Hamming,
                "lanczos" => Interpolation.Lanczos,
                _ => throw new NotSupportedException($"pretrained_cfg: interpolation {interpolation} is not known"),
            },
            Grey = channels == 1,
            Mean = mean,
            Std = ChannelValues(pretrainedCfg, "std", ImageNetStd),
        };
        return mode switch
        {
            "center" => result,
            "squash" => result with { ResizeMode = ResizeMode.Exact },
            "border" => result with
            {
                ResizeMode = ResizeMode.Border,
                Fill = (Fill255(mean[0]), Fill255(mean[1]), Fill255(mean[2])),
            },
            _ => throw new NotSupportedException(
                $"pretrained_cfg: crop mode {mode} is not known; known are center, squash, border"),
        };
    }

    static byte Fill255(float mean) => (byte)Math.Clamp(Math.Round(255 * (double)(decimal)mean), 0, 255);

    static string Text(JsonElement root, string key, string standard)
    {
        if (!root.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return standard;
        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw new InvalidDataException($"pretrained_cfg: {key}: expected text, found {value.GetRawText()}");
    }
}
