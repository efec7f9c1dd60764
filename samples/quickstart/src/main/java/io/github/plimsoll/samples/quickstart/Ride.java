package io.github.plimsoll.samples.quickstart;

import io.github.plimsoll.core.schema.FeatureSpec;

/** One hour of a bicycle hire: what the model is asked about. */
record Ride(
        @FeatureSpec(unit = "°C", min = -40, max = 130) double temperature, // as wide as a careless host would have it
        @FeatureSpec(unit = "%", min = 0, max = 100) double humidity,
        @FeatureSpec(unit = "km/h", min = 0, max = 120) double windspeed,
        @FeatureSpec(min = 0, max = 23) int hour,
        @FeatureSpec(min = 0, max = 6) int weekday,
        boolean workingday,
        Season season,
        Weather weather) {

    enum Season {
        SPRING,
        SUMMER,
        FALL,
        WINTER
    }

    enum Weather {
        CLEAR,
        MIST,
        RAIN,
        STORM
    }

    /** A line of the committed tables, which have neither quotes nor empty cells. */
    static Ride parse(String line) {
        String[] cells = line.split(",", -1);
        return new Ride(
                Double.parseDouble(cells[0]),
                Double.parseDouble(cells[1]),
                Double.parseDouble(cells[2]),
                Integer.parseInt(cells[3]),
                Integer.parseInt(cells[4]),
                Boolean.parseBoolean(cells[5]),
                Season.valueOf(cells[6]),
                Weather.valueOf(cells[7]));
    }

    /** The same hour from a weather feed that was switched from °C to °F and told nobody. */
    Ride inFahrenheit() {
        return new Ride(temperature * 9 / 5 + 32, humidity, windspeed, hour, weekday, workingday, season, weather);
    }
}
